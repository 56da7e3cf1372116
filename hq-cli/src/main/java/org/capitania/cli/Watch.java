package org.capitania.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.capitania.cli.events.Changes;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Wrap;
import org.jspecify.annotations.Nullable;

/**
 * Prints an answer again whenever it changes, until it is interrupted or nobody reads any more: on a terminal in the place of the one
 * before, for a program one envelope a line, else the lines that are new.
 */
final class Watch {
    private final Environment environment;
    private final boolean json;
    private final String action;
    private final Printer printer;
    private @Nullable Reply shown;
    private @Nullable String trouble;

    Watch(Environment environment, boolean json, String action) {
        this.environment = environment;
        this.json = json;
        this.action = action;
        this.printer = new Printer(environment, json);
    }

    /**
     * Looks until the end.
     *
     * @param telling what of the data counts as a change
     * @return the exit code
     */
    int run(Supplier<Reply> look, UnaryOperator<JsonNode> telling, Supplier<Changes> told) {
        // What is wrong before anything was seen is as wrong as without watching.
        Reply first = look.get();
        try (Changes changes = told.get();
                Page page = Page.of(environment, json)) {
            show(first, page);
            while (!environment.out().checkError()) {
                changes.await();
                again(look, telling, page);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private void again(Supplier<Reply> look, UnaryOperator<JsonNode> telling, Page page) {
        Reply before = shown;
        try {
            Reply now = look.get();
            boolean same = trouble == null
                    && before != null
                    && telling.apply(now.data()).equals(telling.apply(before.data()));
            trouble = null;
            if (same) {
                shown = now;
                page.redraw(lines(now, colours()), "");
            } else {
                show(now, page);
            }
        } catch (Failure e) {
            // It may be well again: said once, and looked again.
            if (!e.message().equals(trouble)) {
                trouble = e.message();
                if (page.isOpen()) {
                    page.redraw(before == null ? List.of() : lines(before, colours()), Wrap.printable(e.message()));
                } else {
                    printer.print(action, e, null);
                }
            }
        }
    }

    private boolean colours() {
        return Printer.out(environment).colours();
    }

    private void show(Reply now, Page page) {
        if (json) {
            environment.out().println(Envelope.of(now));
        } else if (page.isOpen()) {
            page.redraw(lines(now, colours()), "");
        } else {
            // Both at one time: an age that has grown is no news.
            Reply old = shown;
            Set<String> before = new HashSet<>(old == null ? List.of() : lines(old, false));
            Consumer<String> print = environment.out()::println;
            lines(now, false).stream().filter(line -> !before.contains(line)).forEach(print);
        }
        environment.out().flush();
        shown = now;
    }

    private List<String> lines(Reply reply, boolean colour) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        reply.text().accept(new Screen(out, colour, environment.terminal().columns(), environment.clock()));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
