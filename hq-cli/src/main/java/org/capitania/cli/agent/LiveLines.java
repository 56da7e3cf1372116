package org.capitania.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import org.capitania.cli.Environment;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.ShortIds;
import org.capitania.cli.text.Wrap;

/**
 * Prints sessions that go on at the same time: for a program one event a line, for a person what it means, at
 * a terminal also words as they are said.
 */
final class LiveLines {
    private static final int WIDEST = 160;

    private final PrintStream out;
    private final Screen screen;
    private final boolean json;
    private final boolean terminal;
    private final Set<String> heard = new HashSet<>();
    private String speaking = "";

    LiveLines(Environment environment, Screen screen, boolean json) {
        this.out = environment.out();
        this.screen = screen;
        this.json = json;
        this.terminal = environment.terminal().out();
    }

    synchronized void show(String session, LiveEvent event) {
        if (json) {
            ObjectNode line = JsonNodeFactory.instance.objectNode().put("session_id", session);
            line.put("event", event.name());
            line.set("data", event.data());
            out.println(line);
        } else if (event.name().equals("text")) {
            say(session, event.data());
        } else if (event.name().equals("entry")) {
            entry(session, Fields.text(event.data(), "kind"), event.data().path("body"));
        }
        out.flush();
    }

    /** What was being said is said anew, or stands in an entry, once the line is back. */
    synchronized void interrupted() {
        breakOff();
        out.flush();
    }

    private void say(String session, JsonNode piece) {
        if (!terminal) {
            return;
        }
        String reply = session + " " + Fields.text(piece, "call_id");
        if (!speaking.equals(reply) || piece.path("from").asLong() == 0) {
            breakOff();
            out.print(label(session));
        }
        speaking = reply;
        heard.add(session + " " + piece.path("turn").asInt());
        String[] lines = Fields.text(piece, "text").split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (i > 0) {
                out.println();
            }
            out.print(Wrap.printable(lines[i]));
        }
    }

    private void breakOff() {
        if (!speaking.isEmpty()) {
            out.println();
        }
        speaking = "";
    }

    private void entry(String session, String kind, JsonNode body) {
        switch (kind) {
            case "opened" -> line(session, Style.BOLD, "begins (" + Fields.text(body, "provider") + ")");
            case "received" -> {
                for (JsonNode item : body.path("items")) {
                    line(session, Style.PLAIN, "is told of " + Fields.text(item, "type"));
                }
            }
            case "replied" -> replied(session, body);
            case "returned" -> {
                boolean ok = body.path("ok").asBoolean();
                String code = Fields.text(body, "code");
                line(
                        session,
                        ok ? Style.GOOD : Style.BAD,
                        Fields.text(body, "tool") + " " + (code.isEmpty() ? Fields.text(body, "status") : code));
            }
            case "reminded" -> line(session, Style.CAUTION, "is reminded: " + Fields.text(body, "text"));
            case "compacted" -> line(session, Style.DIM, "sets older results aside");
            case "ended" ->
                line(session, Style.BOLD, "ends, " + Fields.text(body, "ending") + ": " + Fields.text(body, "reason"));
            default -> {
                // Asking the model, and putting away, are no news to a person.
            }
        }
    }

    private void replied(String session, JsonNode body) {
        boolean said = heard.remove(session + " " + body.path("turn").asInt());
        breakOff();
        String text = Fields.text(body.path("reply"), "text");
        if (!said && !text.isBlank()) {
            text.strip().lines().forEach(words -> screen.line(label(session) + words));
        }
        for (JsonNode call : body.at("/reply/calls")) {
            line(session, Style.PLAIN, "calls " + Fields.text(call, "tool") + " " + Fields.text(call, "arguments"));
        }
    }

    private void line(String session, Style style, String text) {
        breakOff();
        int room = Math.min(screen.width(), WIDEST) - ShortIds.of(session).length() - 2;
        screen.line(label(session) + screen.paint(style, Wrap.cut(text, room)));
    }

    private String label(String session) {
        return screen.paint(Style.DIM, Wrap.printable(ShortIds.of(session))) + "  ";
    }
}
