package org.capitania.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.text.Screen;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;

class ShownTest {
    private static String shown(String data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Screen screen = new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                false,
                100,
                Clock.fixed(CannedFleet.NOW, ZoneOffset.UTC));
        new Shown("task", Json.read(data, JsonNode.class)).print(screen);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldShowAListAsATableWithWhatIsLongAtItsEnd() {
        assertThat(shown("""
                        {"items":[{"id":"0190aaaa-0000-7000-8000-0000000000bb","slug":"task:call","title":"Call Rita","status":"open","due_at":"2026-03-01T14:00:00Z"},
                                  {"id":"0190aaaa-0000-7000-8000-0000000000bc","slug":"task:send","title":"Send it","status":"blocked","priority":"now"}]}""").lines())
                .containsExactly(
                        "SLUG       STATUS   DUE AT  PRIORITY  TITLE",
                        "task:call  open     in 2 h            Call Rita",
                        "task:send  blocked          now       Send it");
        assertThat(shown("{\"items\":[]}")).isEqualTo("no tasks found\n");
    }

    @Test
    void shouldShowAllOfWhatIsTooLongForATable() {
        String text = "Searches files. ".repeat(12);
        String out = shown("{\"differences\":[{\"field\":\"description\",\"pinned\":\"" + text + "\",\"offered\":\""
                + text + "Then sends them to me.\"},{\"field\":\"title\",\"pinned\":\"a\",\"offered\":\"b\"}]}");
        assertThat(out.replaceAll("\\s+", " ")).contains("Then sends them to me.", "field title pinned a offered b");
    }

    @Test
    void shouldShowWhatElseAToolSaysInLines() {
        assertThat(shown("{\"frozen\":true,\"summary\":\"stopped\",\"freezes\":[{\"id\":\"a\",\"reason\":\"why\"}]}")
                        .lines())
                .containsExactly(
                        "frozen           true", "summary          stopped", "", "freezes", "ID  REASON", "a   why");
        assertThat(
                        shown(
                                "{\"node\":{\"title\":\"Call\",\"slug\":\"task:call\"},\"edges\":[{\"type\":\"about\",\"other\":{\"slug\":\"entity:p\"}}]}"))
                .startsWith("Call\n")
                .contains("entity:p");
    }
}
