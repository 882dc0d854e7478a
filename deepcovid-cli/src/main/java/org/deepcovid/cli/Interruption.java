package org.deepcovid.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * On Ctrl-C, interrupts the main thread and waits up to ten seconds until it has removed its
 * temporary files.
 */
final class Interruption {

    private static final long PATIENCE_SECONDS = 10;

    private final Thread job;
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);

    private Interruption(Thread job) {
        this.job = job;
    }

    /** Installs the handler for the calling thread. */
    static Interruption watch() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::end, "deepcovid-interrupt"));
        return interruption;
    }

    private void end() {
        if (done.getCount() == 0) {
            return;
        }
        ending.set(true);
        job.interrupt();
        try {
            done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the process with a code unless it is already ending. */
    void exit(int code) {
        done.countDown();
        if (!ending.get()) {
            System.exit(code);
        }
    }
}
