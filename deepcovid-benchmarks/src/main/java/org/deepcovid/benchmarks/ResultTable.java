package org.deepcovid.benchmarks;

import ai.onnxruntime.OrtEnvironment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** Results as comma-separated lines below comment lines with machine, versions and command. */
record ResultTable(RuntimeEnvironment environment, String command) {

    private static final String COLUMNS =
            "network,engine,batch,images_per_second,milliseconds_per_batch,error_milliseconds";
    private static final double MILLISECONDS = 1000;

    List<String> lines(Collection<RunResult> results) {
        List<String> lines = new ArrayList<>(heading());
        lines.add(COLUMNS);
        results.forEach(result -> lines.add(line(result)));
        return lines;
    }

    /** Comment lines: the machine, the versions and the command. */
    List<String> heading() {
        return List.of(
                "# cpu: " + environment.cpu() + " " + environment.cpuFeatures(),
                "# processors: %d, threads: %d"
                        .formatted(environment.processors(), environment.threads()),
                "# system: " + environment.operatingSystem(),
                "# java: " + environment.javaVersion(),
                "# onnxruntime: " + OrtEnvironment.getEnvironment().getVersion(),
                "# nd4j: " + environment.backend() + " of DL4J 1.0.0-M2.1",
                "# command: " + command);
    }

    private static String line(RunResult result) {
        BenchmarkParams params = result.getParams();
        Result<?> time = result.getPrimaryResult();
        int batch = Integer.parseInt(params.getParam("batch"));
        return String.format(
                Locale.ROOT,
                "%s,%s,%d,%.2f,%.3f,%.3f",
                params.getParam("network"),
                params.getParam("engine"),
                batch,
                batch * MILLISECONDS / time.getScore(),
                time.getScore(),
                time.getScoreError());
    }
}
