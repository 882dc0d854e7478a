package org.deepcovid.core.runtime;

/** Starts the runtime two times and prints what comes of it. */
final class StartTwice {

    private StartTwice() {}

    public static void main(String[] args) {
        for (int call = 0; call < 2; call++) {
            try {
                System.out.println(DeepCovidRuntime.initialise().backend());
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
