package org.deepcovid.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Assertions on the type and the message of an exception. */
public final class Failures {

    private Failures() {}

    /** The call throws an IllegalArgumentException whose message contains all the given parts. */
    public static AbstractThrowableAssert<?, ?> assertRejects(
            ThrowingCallable call, String... parts) {
        return assertFails(IllegalArgumentException.class, call, parts);
    }

    /** The call throws an exception of the type whose message contains all the given parts. */
    public static AbstractThrowableAssert<?, ?> assertFails(
            Class<? extends Throwable> type, ThrowingCallable call, String... parts) {
        AbstractThrowableAssert<?, ?> failure = assertThatThrownBy(call).isInstanceOf(type);
        for (String part : parts) {
            failure.hasMessageContaining(part);
        }
        return failure;
    }
}
