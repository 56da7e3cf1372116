package org.capitania.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.capitania.cli.call.Api;
import org.capitania.cli.call.Fleet;
import org.capitania.cli.events.Changes;
import org.capitania.cli.home.Home;
import org.capitania.cli.text.Screen;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/**
 * One command: it answers with a {@link Reply} or throws a {@link Failure}. This class prints either, as text or as the envelope,
 * and makes the exit code.
 */
public abstract class Verb implements Callable<Integer> {
    @Mixin
    private final Options options = new Options();

    private final String action;
    private final Environment environment;
    private @Nullable Api api;

    protected Verb(String action, Environment environment) {
        this.action = action;
        this.environment = environment;
    }

    protected abstract Reply run();

    @Override
    public final Integer call() {
        Printer printer = new Printer(environment, options.json);
        try {
            if (watching()) {
                return new Watch(environment, options.json, action()).run(this::look, this::telling, this::changes);
            }
            return printer.print(run().withTrace(traceId()));
        } catch (RuntimeException e) {
            return printer.print(action(), e, traceId());
        } finally {
            if (api != null) {
                api.close();
            }
        }
    }

    /** Whether it is asked to print its answer again whenever it changes. */
    protected boolean watching() {
        return false;
    }

    /** Whether every change of its answer is told by an event; else it looks again and again. */
    protected boolean byEvents() {
        return true;
    }

    /** What of the data counts as a change. */
    protected JsonNode telling(JsonNode data) {
        return data;
    }

    private Reply look() {
        return run().withTrace(traceId());
    }

    private Changes changes() {
        Fleet fleet = Fleet.of(environment);
        return byEvents() && fleet.isKnown() ? Changes.told(fleet) : Changes.looking();
    }

    protected String action() {
        return action;
    }

    protected final Environment environment() {
        return environment;
    }

    protected final Home home() {
        return Home.of(environment);
    }

    protected final boolean json() {
        return options.json;
    }

    /** Whether {@code --text} was said, for the verbs whose data are JSON lines by default. */
    protected final boolean text() {
        return options.text;
    }

    protected final @Nullable String reason() {
        return options.reason;
    }

    /** For progress and remarks that are no data. */
    protected final Screen remarks() {
        return Printer.err(environment);
    }

    /** For data that are printed as they come. */
    protected final Screen screen() {
        return Printer.out(environment);
    }

    protected final Api api() {
        if (api == null) {
            api = new Api(Fleet.of(environment), options.call());
        }
        return api;
    }

    private @Nullable String traceId() {
        return api == null ? null : api.traceId();
    }
}
