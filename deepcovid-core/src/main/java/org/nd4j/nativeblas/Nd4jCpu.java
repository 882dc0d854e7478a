package org.nd4j.nativeblas;

import org.nd4j.linalg.factory.Nd4j;

/**
 * Tells DL4J's layer helpers whether the native library was built with oneDNN.
 *
 * <p>DL4J 1.0.0-M2.1 looks this class up by reflection under this very name, but the class moved to
 * another package in the same release, so that the helpers switch themselves off. This class stands
 * in for it and answers from the native library's own build information.
 */
public final class Nd4jCpu {

    private Nd4jCpu() {}

    /** The one question that DL4J asks. */
    public static final class Environment {

        private static final Environment INSTANCE = new Environment();

        private final boolean oneDnn;

        private Environment() {
            String build = Nd4j.getBackend().buildInfo();
            this.oneDnn = build != null && build.contains("HAVE_ONEDNN");
        }

        /**
         * The answer for the loaded native library.
         *
         * @return the one instance
         */
        public static Environment getInstance() {
            return INSTANCE;
        }

        /**
         * Whether oneDNN is compiled into the native library.
         *
         * @return true if DL4J's helpers can be used
         */
        public boolean isUseMKLDNN() {
            return oneDnn;
        }
    }
}
