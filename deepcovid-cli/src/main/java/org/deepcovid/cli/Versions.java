package org.deepcovid.cli;

import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import picocli.CommandLine.IVersionProvider;

/** The versions that matter for a report of a problem. */
final class Versions implements IVersionProvider {

    /** For picocli, which makes one. */
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
