package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks and leaves two files: {@code RESULTS.json} as JMH writes it, and {@code
 * RESULTS.csv} with images a second, headed by the machine, the versions and the command.
 *
 * <p>Arguments: the results' path without an ending, then any arguments of JMH, such as {@code -p
 * network=resnet50}.
 */
public final class RunBenchmarks {

    private RunBenchmarks() {}

    public static void main(String[] args)
            throws RunnerException, CommandLineOptionException, IOException {
        if (args.length == 0 || args[0].startsWith("-")) {
            throw new IllegalArgumentException(
                    "arguments are %s; expected the results' path without an ending, then JMH's"
                            .formatted(List.of(args)));
        }
        Path csv = Path.of(args[0] + ".csv");
        String[] forJmh = List.of(args).subList(1, args.length).toArray(new String[0]);
        OptionsBuilder options = new OptionsBuilder();
        options.parent(new CommandLineOptions(forJmh))
                .include(InferenceBenchmark.class.getSimpleName())
                .shouldFailOnError(true)
                .resultFormat(ResultFormatType.JSON)
                .result(args[0] + ".json");
        Collection<RunResult> results = new Runner(options.build()).run();
        RuntimeEnvironment environment = DeepCovidRuntime.initialise();
        String command = "RunBenchmarks " + String.join(" ", args);
        Files.write(csv, new ResultTable(environment, command).lines(results));
    }
}
