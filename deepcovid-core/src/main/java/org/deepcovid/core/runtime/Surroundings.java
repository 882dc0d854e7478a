package org.deepcovid.core.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a search for backends looks at; tests put a made-up machine in its place. */
interface Surroundings {

    /**
     * Whether the class path has a resource.
     *
     * @param name absolute name, without a leading slash
     */
    boolean onClassPath(String name);

    /** Whether a file exists. */
    boolean exists(Path file);

    /** An environment variable. */
    Optional<String> variable(String name);

    /** Whether this is Windows; otherwise the names and folders of Linux hold. */
    boolean windows();

    /** Answer of a program that ended; empty if it could not be run or did not end in time. */
    Optional<Answer> ask(List<String> command);

    /**
     * What a program said.
     *
     * @param exitCode 0 if it went well
     * @param text standard output
     */
    record Answer(int exitCode, String text) {}
}
