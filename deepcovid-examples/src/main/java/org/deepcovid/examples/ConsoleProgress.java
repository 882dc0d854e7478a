package org.deepcovid.examples;

import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.deepcovid.core.training.FineTuneListener;

/** Shows a fine-tuning run as one progress bar a stage, on standard error. */
final class ConsoleProgress implements FineTuneListener, AutoCloseable {

    private Stage stage;
    private ProgressBar bar;

    @Override
    public void onProgress(Stage current, long done, long total) {
        if (current != stage) {
            close();
            stage = current;
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(current.name().toLowerCase(Locale.ROOT))
                            .setInitialMax(total)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUpdateIntervalMillis(500)
                            .build();
        }
        bar.stepTo(done);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
