package org.deepcovid.core.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kaggle's {@code chest_xray} (Kermany et al. 2018, doi:10.17632/rscbjbr9sj): {@code
 * train|val|test/{NORMAL,PNEUMONIA}}. A second copy of all files in {@code chest_xray/}, which the
 * archive contains, is not read.
 */
final class KaggleChestXray extends PublishedLayout {

    private static final List<String> CLASSES = List.of("NORMAL", "PNEUMONIA");
    private static final Pattern NAME =
            Pattern.compile("(person\\d+|(?:NORMAL2-)?IM-\\d+)(?:_(bacteria|virus))?[_-].*");

    KaggleChestXray(Path root, DatasetOptions options) {
        super(root, options);
    }

    /** Whether there are files in its folders, all with this dataset's names. */
    static boolean matches(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        each(root, (file, part) -> files.add(file));
        return !files.isEmpty()
                && files.stream().allMatch(file -> NAME.matcher(FolderLayout.name(file)).matches());
    }

    private static void each(Path root, BiConsumer<Path, SplitPart> action) throws IOException {
        for (SplitPart part : SplitPart.values()) {
            for (String label : CLASSES) {
                files(root.resolve(part.folderName()).resolve(label))
                        .forEach(file -> action.accept(file, part));
            }
        }
    }

    @Override
    String name() {
        return "Kaggle chest_xray";
    }

    @Override
    String licence() {
        return "CC BY 4.0";
    }

    @Override
    List<String> rules() {
        return List.of(
                "patients-from-names: personN, IM-N and NORMAL2-IM-N in a file's name are the"
                        + " patient; test counts persons anew, so person1 of test is another one",
                PatientParts.RULE);
    }

    @Override
    void readAll() throws IOException {
        each(root, this::add);
    }

    private void add(Path file, SplitPart part) {
        Matcher name = NAME.matcher(FolderLayout.name(file));
        if (!name.matches()) {
            throw new IllegalArgumentException(file + " is new; start again");
        }
        boolean anew = part == SplitPart.TEST && name.group(1).startsWith("person");
        add(
                file,
                FolderLayout.name(file.getParent()),
                (anew ? "test-" : "") + name.group(1),
                Optional.of(part),
                attributes("finding", Optional.ofNullable(name.group(2)).orElse("")));
    }
}
