package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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

/** Checks and splits a dataset. */
@Command(
        name = "prepare",
        header = "Checks a dataset, splits it by patient and writes a manifest.",
        description =
                "Decodes every image, reports all problems together, splits by patient, and writes"
                    + " a manifest with the part of every image. Images are not moved. Identical"
                    + " files get the same part.",
        footer = {
            "",
            "Examples:",
            "  deepcovid prepare radiographs/ -o radiographs/manifest.csv",
            "  deepcovid prepare list.csv -o split.csv --seed 7 --test 0.3",
            "  deepcovid prepare folder/ -o folder/manifest.csv --patients '^(P\\d+)_'",
            "",
            "If a folder contains manifest.csv, commands use the images that it lists."
        })
final class Prepare extends OutputSubcommand {

    @Mixin final ImageLimit imageLimit = new ImageLimit();

    @Parameters(index = "0", paramLabel = "DATA", description = DATA)
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
                    "regular expression whose first group is the patient in a file's name, if"
                            + " DATA names no patients")
    private String patients;

    @Override
    public Integer call() throws IOException {
        Optional<Pattern> pattern = Optional.ofNullable(patients).map(this::compile);
        splitting.check(this);
        AtomicFile.checkWritable(output, ifExists());
        XrayDataset dataset = splitting.dataset(data);
        if (pattern.isPresent()) {
            dataset = new PatientNames(pattern.get()).applyTo(dataset);
        }
        remark("decoding %d images", dataset.images().size());
        SortedMap<String, Integer> remarks = new TreeMap<>();
        dataset.verify((image, text) -> remarks.merge(text, 1, Integer::sum));
        remarks(remarks, dataset.images().size());
        DatasetSplit split = splitting.split(this, dataset);
        List<String> columns = ManifestWriter.write(split, output, ifExists());
        print("%s", Splitting.summary(split));
        print("manifest written to %s, columns %s", output, String.join(", ", columns));
        if (!Files.isSameFile(
                folder(dataset.root()), folder(output.toAbsolutePath().getParent()))) {
            remark("its file names are relative to %s; move both or neither", folder(output));
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
                        "--patients '%s' has no group; put the patient's name in brackets, as"
                                + " in '^(P\\d+)_'",
                        text);
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw usage("--patients '%s': %s", text, e.getDescription());
        }
    }
}
