package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.ManifestWriter;
import org.deepcovid.core.data.PatientNames;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.AtomicFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a dataset and writes down how it is divided. */
@Command(
        name = "prepare",
        header = "Checks a dataset and writes down how it is divided.",
        description =
                "Decodes every image, tells all problems at once, divides by patient, and writes a"
                        + " manifest that says which image is in which part. Images stay where they"
                        + " are. Files that are equal byte for byte stay within one part.",
        footer = {
            "",
            "Examples:",
            "  deepcovid prepare radiographs/ -o radiographs/manifest.csv",
            "  deepcovid prepare list.csv -o split.csv --seed 7 --test 0.3",
            "  deepcovid prepare folder/ -o folder/manifest.csv --patients '^(P\\d+)_'",
            "",
            "A folder that holds manifest.csv is read by it from then on."
        })
final class Prepare extends Subcommand {

    @Parameters(index = "0", paramLabel = "DATA", description = "folder or CSV manifest")
    private Path data;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "manifest to write; files in it are relative to its folder")
    private Path output;

    @Mixin private final Splitting splitting = new Splitting();

    @Option(
            names = "--patients",
            paramLabel = "PATTERN",
            description =
                    "regular expression that finds the patient in a file's name, as its first"
                            + " group, where the data do not tell")
    private String patients;

    @Option(
            names = "--overwrite",
            arity = "0",
            fallbackValue = "true",
            description = "replace the manifest if it exists")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        Optional<Pattern> pattern = Optional.ofNullable(patients).map(this::compile);
        splitting.check(this);
        AtomicFile.checkWritable(output, ifExists(overwrite));
        XrayDataset dataset = XrayDataset.read(data);
        if (pattern.isPresent()) {
            dataset = new PatientNames(pattern.get()).applyTo(dataset);
        }
        remark("decoding %d images", dataset.images().size());
        dataset.verify();
        DatasetSplit split = splitting.split(this, dataset);
        List<String> columns = ManifestWriter.write(split, output, ifExists(overwrite));
        print("%s", Splitting.summary(split));
        print("manifest written to %s, columns %s", output, String.join(", ", columns));
        if (!Files.isSameFile(
                folder(dataset.root()), folder(output.toAbsolutePath().getParent()))) {
            remark("its files are named relative to %s; move both or neither", folder(output));
        }
        return ExitCode.OK;
    }

    private static Path folder(Path path) {
        return Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
    }

    private Pattern compile(String text) {
        try {
            Pattern pattern = Pattern.compile(text);
            if (pattern.matcher("").groupCount() < 1) {
                throw usage(
                        "--patients '%s' has no group; put what names the patient in brackets, as"
                                + " in '^(P\\d+)_'",
                        text);
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw usage("--patients '%s': %s", text, e.getDescription());
        }
    }
}
