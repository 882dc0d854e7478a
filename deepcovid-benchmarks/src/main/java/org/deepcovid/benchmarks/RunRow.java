package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.runtime.DeepCovidRuntime;

/**
 * Measures one row and writes it to a CSV file, headed by the machine, the versions and the
 * command.
 *
 * <p>Arguments: the CSV file; the name of a {@link Row} in lower case; then {@code key=value}
 * words.
 */
public final class RunRow {

    private RunRow() {}

    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            throw new IllegalArgumentException(
                    "arguments are %s; expected CSV_FILE ROW [KEY=VALUE]..."
                            .formatted(List.of(args)));
        }
        Row row = Row.named(args[1]);
        RowOptions options = RowOptions.parse(List.of(args).subList(2, args.length));
        List<Figure> figures = row.measure(options);
        List<String> lines =
                new ArrayList<>(
                        new ResultTable(
                                        DeepCovidRuntime.initialise(),
                                        "RunRow " + String.join(" ", args))
                                .heading());
        lines.add(Figure.COLUMNS);
        figures.forEach(figure -> lines.add(figure.line()));
        lines.forEach(System.out::println);
        Files.write(Path.of(args[0]), lines);
    }
}
