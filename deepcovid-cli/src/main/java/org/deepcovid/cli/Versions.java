package org.deepcovid.cli;

import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import picocli.CommandLine.IVersionProvider;

/** Versions to name in a bug report. */
final class Versions implements IVersionProvider {

    /** Called by picocli. */
    Versions() {}

    static String library() {
        return Optional.ofNullable(CovidClassifier.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "deepcovid " + library(),
            "Java %s (%s)"
                    .formatted(
                            System.getProperty("java.version"),
                            System.getProperty("java.vendor", "unknown vendor")),
            "%s %s %s"
                    .formatted(
                            System.getProperty("os.name"),
                            System.getProperty("os.version"),
                            System.getProperty("os.arch"))
        };
    }
}
