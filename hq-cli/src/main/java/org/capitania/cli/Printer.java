package org.capitania.cli;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.FieldError;
import org.capitania.contract.JsonTree;
import org.capitania.embedded.MachineProblem;
import org.jspecify.annotations.Nullable;

/** Prints what a verb answered: data to stdout, failures to stderr; with {@code --json} the envelope to stdout in both cases. */
final class Printer {
    private final Environment environment;
    private final boolean json;

    Printer(Environment environment, boolean json) {
        this.environment = environment;
        this.json = json;
    }

    static Screen out(Environment environment) {
        return screen(environment, environment.out(), environment.terminal().out());
    }

    static Screen err(Environment environment) {
        return screen(environment, environment.err(), environment.terminal().err());
    }

    private static Screen screen(Environment environment, PrintStream stream, boolean terminal) {
        boolean colour = terminal
                && environment.variable("NO_COLOR").isEmpty()
                && !environment.variable("TERM").orElse("dumb").equals("dumb");
        return new Screen(stream, colour, environment.terminal().columns(), environment.clock());
    }

    /** The exit code of an answer, after printing it. */
    int print(Reply reply) {
        if (reply.printed()) {
            environment.out().flush();
        } else if (json) {
            environment.out().println(JsonTree.text(Envelope.of(reply)));
        } else {
            reply.text().accept(out(environment));
        }
        environment.out().flush();
        if (reply.failure() != null) {
            complain(reply.failure());
            return reply.failure().exitCode();
        }
        return 0;
    }

    /** The exit code of a failure, after printing it. */
    int print(String action, RuntimeException e, @Nullable String traceId) {
        Failure failure = failure(e);
        if (json) {
            environment.out().println(JsonTree.text(Envelope.of(action, failure, traceId)));
            environment.out().flush();
        }
        complain(failure);
        if (failure.code().equals("internal")
                && environment.variable("HQ_DEBUG").isPresent()) {
            e.printStackTrace(environment.err());
        }
        return failure.exitCode();
    }

    private static Failure failure(RuntimeException e) {
        return switch (e) {
            case Failure known -> known;
            case CapitaniaException known -> Failure.of(known);
            case MachineProblem problem ->
                Failure.system(problem.kind().name().toLowerCase(java.util.Locale.ROOT), problem.line());
            case UncheckedIOException io -> Failure.system("io", io.getMessage() + ": " + cause(io));
            default -> Failure.system("internal", e.toString()).withHint("HQ_DEBUG=1 shows where");
        };
    }

    private static String cause(UncheckedIOException e) {
        Throwable cause = e.getCause();
        return cause == null ? "" : String.valueOf(cause.getMessage());
    }

    private void complain(Failure failure) {
        Screen err = err(environment);
        err.line(err.paint(Style.BAD, "hq: ") + failure.message());
        for (FieldError error : failure.errors()) {
            String of = error.type() == null ? "" : " (" + error.type() + ")";
            // Some checkers say where in what they say.
            String what = error.message().startsWith(error.path() + ": ")
                    ? error.message().substring(error.path().length() + 2)
                    : error.message();
            err.line("    " + error.path() + of + ": " + what);
        }
        if (failure.hint() != null) {
            err.line(err.paint(Style.DIM, "    " + failure.hint()));
        }
        err.flush();
    }
}
