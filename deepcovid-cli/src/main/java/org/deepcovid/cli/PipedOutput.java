package org.deepcovid.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/** Standard output that ends the command when the reader of its pipe has ended. */
final class PipedOutput extends OutputStream {

    /** Nobody reads the results any more, as in {@code deepcovid predict ... | head}. */
    static final class ReaderEnded extends RuntimeException {

        private static final long serialVersionUID = 1;

        private ReaderEnded(IOException cause) {
            super("the reader of a pipe has ended", cause);
        }
    }

    private final OutputStream out;
    private boolean ended;

    PipedOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (ended) {
            return;
        }
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            ended = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
            if (ended) {
                throw new ReaderEnded(e);
            }
            throw e;
        }
    }
}
