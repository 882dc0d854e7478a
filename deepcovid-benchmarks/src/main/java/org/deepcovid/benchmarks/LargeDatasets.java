package org.deepcovid.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;

/**
 * Time to list and split many tiny files, and to read a long manifest, whose images do not exist:
 * none is opened. To be run with the heap that is allowed, {@code -Xmx500m} for files and {@code
 * -Xmx1g} for lines.
 */
public final class LargeDatasets {

    private LargeDatasets() {}

    /**
     * Makes the data if they are not there, and prints a Markdown row.
     *
     * @param args {@code files} or {@code lines}, how many, and a folder for them
     */
    public static void main(String[] args) throws IOException {
        int count = Integer.parseInt(args[1]);
        Path folder = Files.createDirectories(Path.of(args[2]));
        boolean files = args[0].equals("files");
        Path data = files ? files(folder, count) : manifest(folder, count);
        long before = cpu();
        long start = System.nanoTime();
        XrayDataset dataset = XrayDataset.read(data);
        double read = (System.nanoTime() - start) / 1e9;
        int test = files ? PatientSplitter.seeded(1).split(dataset).test().size() : 0;
        double all = (System.nanoTime() - start) / 1e9;
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                Locale.ROOT,
                "| %d %s | read in %.1f s | with the split %.1f s, %d test | %.1f s of processor"
                        + " time | %d MB in use, heap limit %d MB |%n",
                dataset.images().size(),
                args[0],
                read,
                all,
                test,
                (cpu() - before) / 1e9,
                (runtime.totalMemory() - runtime.freeMemory()) >> 20,
                runtime.maxMemory() >> 20);
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Files of equal size, all of which a split compares by content. */
    static Path files(Path folder, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Path file = folder.resolve("%s/%03d/%06d.png".formatted(label(i), i / 1000, i));
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, "%08d".formatted(i));
            }
        }
        return folder;
    }

    static Path manifest(Path folder, int count) throws IOException {
        Path manifest = folder.resolve("lines-%d.csv".formatted(count));
        try (BufferedWriter out = Files.newBufferedWriter(manifest)) {
            out.write("file,label,patient,split,source,view,sex,age\n");
            for (int i = 0; i < count; i++) {
                out.write(
                        "images_%03d/%08d_000.png,%s,patient%06d,%s,hospital %d,PA,%s,%d\n"
                                .formatted(
                                        i / 10_000,
                                        i,
                                        label(i),
                                        i / 3,
                                        i / 3 % 5 == 0 ? "test" : "train",
                                        i / 3 % 7,
                                        i / 3 % 2 == 0 ? "F" : "M",
                                        i / 3 % 90));
            }
        }
        return manifest;
    }

    private static String label(int i) {
        return i % 4 == 0 ? "covid" : "non";
    }
}
