package org.capitania.cli;

import org.capitania.cli.call.CallOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every verb takes. */
final class Options {
    @Option(names = "--json", description = "print one JSON object instead of text")
    boolean json;

    @Option(names = "--text", description = "print text for people (the default)")
    boolean text;

    @Option(names = "--reason", paramLabel = "WHY", description = "why; kept with what this changes")
    @Nullable
    String reason;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "the tenant meant, if not this fleet's own")
    @Nullable
    String tenant;

    @Option(
            names = "--actor",
            paramLabel = "PERSON",
            description = "another person you act for, as user:<name>; both names are kept")
    @Nullable
    String actor;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    boolean help;

    CallOptions call() {
        if (actor != null && !actor.startsWith("user:")) {
            throw Failure.caller("bad_actor", "--actor names a person as user:<name>; found " + actor);
        }
        return new CallOptions(tenant, actor, reason);
    }
}
