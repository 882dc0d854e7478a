package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.deepcovid.core.data.DatasetJoin;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.ImageRemarks;
import org.deepcovid.core.data.PatientNames;
import org.deepcovid.core.data.PreparedDataset;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.AtomicFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks, joins and splits datasets. */
@Command(
        name = "prepare",
        header = "Checks datasets, joins them, splits by patient and writes a manifest.",
        description =
                "Decodes every image, reports all problems together, splits by patient, and writes"
                    + " a manifest with the part of every image. Images are not moved. Equal images"
                    + " get the same part. Of several datasets, images with equal bytes or pixels"
                    + " are kept once. Where images were left out or decided by a rule, a list of"
                    + " them and a dataset card are written beside the manifest.",
        footer = {
            "",
            "Examples:",
            "  deepcovid prepare radiographs/ -o radiographs/manifest.csv",
            "  deepcovid prepare list.csv -o split.csv --seed 7 --test 0.3",
            "  deepcovid prepare folder/ -o folder/manifest.csv --patients '^(P\\d+)_'",
            "  deepcovid prepare a=chest_xray/ b=radiography/ -o both.csv --map a:NORMAL=normal"
                    + " --map a:PNEUMONIA=other --map b:COVID=covid --map b:*=other",
            "  deepcovid prepare --recipe covid-xray-5k --covid-chestxray covid-chestxray-dataset/"
                    + " --chexpert CheXpert-v1.0-small/ -o manifest.csv",
            "",
            "If a folder contains manifest.csv, commands use the images that it lists."
        })
final class Prepare extends OutputSubcommand {

    @Mixin final ImageLimit imageLimit = new ImageLimit();

    @Mixin private final SourceOptions sources = new SourceOptions();

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

    @Mixin private final CovidXray5kOptions recipe = new CovidXray5kOptions();

    @Override
    int run() throws IOException {
        Optional<Pattern> pattern = Optional.ofNullable(patients).map(this::compile);
        splitting.check(this);
        if (recipe.chosen() == !sources.isEmpty()) {
            throw usage("expected either DATA or --recipe");
        }
        recipe.check(this);
        claim(output);
        AtomicFile.checkWritable(output, ifExists());
        PreparedDataset prepared =
                recipe.chosen()
                        ? recipe.prepare(this, output, splitting.labels().options())
                        : prepared(pattern);
        List<String> columns = prepared.write(output, ifExists());
        prepared.readings().forEach(reading -> reading.describe().forEach(l -> print("%s", l)));
        print("%s", Splitting.summary(prepared.split()));
        prepared.companions(output).forEach(file -> print("written: %s", file));
        print("manifest written to %s, columns %s", output, String.join(", ", columns));
        return ExitCode.OK;
    }

    private PreparedDataset prepared(Optional<Pattern> pattern) throws IOException {
        List<DatasetJoin.Source> all = sources.sources(this);
        Path folder = output.toAbsolutePath().normalize().getParent();
        ImageRemarks remarks = new ImageRemarks();
        XrayDataset.Survey read =
                sources.plain()
                        ? XrayDataset.readSurvey(all.get(0).path(), splitting.labels().options())
                        : DatasetJoin.join(all, folder, splitting.labels().options(), remarks::add);
        XrayDataset dataset = read.dataset();
        if (pattern.isPresent()) {
            dataset = new PatientNames(pattern.get()).applyTo(dataset);
        }
        if (sources.plain()) { // a join has decoded them
            remark("decoding %d images", dataset.images().size());
            dataset.verify(remarks::add);
        }
        remarks.describe(dataset.images().size()).forEach(line -> remark("%s", line));
        if (!Files.isSameFile(folder(dataset.root()), folder)) {
            remark("its file names are relative to %s; move both or neither", folder);
        }
        DatasetSplit split = splitting.split(this, dataset);
        splitting.requireSeparatePictures(split);
        Splitting.remarkEqualImages(this, split);
        return new PreparedDataset(split, read.readings(), seed());
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
