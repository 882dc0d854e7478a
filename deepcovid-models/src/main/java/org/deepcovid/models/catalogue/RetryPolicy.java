package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a download is tried and how long to wait in between: exponential back-off, of which a
 * random half to whole is waited so that many clients do not return at once.
 *
 * @param attempts at least 1
 * @param firstDelay before the second attempt, doubled before each later one
 * @param longestDelay which no wait exceeds
 * @param seed of the random share
 */
public record RetryPolicy(int attempts, Duration firstDelay, Duration longestDelay, long seed) {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if there is no attempt or a delay is negative
     */
    public RetryPolicy {
        requireNonNull(firstDelay, "firstDelay is null");
        requireNonNull(longestDelay, "longestDelay is null");
        if (attempts < 1) {
            throw new IllegalArgumentException(
                    "attempts is %d; expected at least 1".formatted(attempts));
        }
        if (firstDelay.isNegative() || longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "firstDelay is %s and longestDelay %s; expected 0 <= first <= longest"
                            .formatted(firstDelay, longestDelay));
        }
    }

    /**
     * Five attempts, waiting about 1, 2, 4 and 8 seconds. The seed is the process's id, so that
     * processes started together do not wait alike.
     *
     * @return the policy
     */
    public static RetryPolicy defaults() {
        return new RetryPolicy(
                5, Duration.ofSeconds(1), Duration.ofSeconds(30), ProcessHandle.current().pid());
    }

    /**
     * What to wait after a failed attempt.
     *
     * @param failed number of the attempt that failed, from 1
     * @param random for the share that is waited
     * @return between half of the doubled delay and all of it
     */
    Duration delayAfter(int failed, RandomGenerator random) {
        double doubled = firstDelay.toMillis() * Math.pow(2, failed - 1.0);
        double bounded = Math.min((double) longestDelay.toMillis(), doubled);
        return Duration.ofMillis(Math.round(bounded * (0.5 + random.nextDouble() / 2)));
    }
}
