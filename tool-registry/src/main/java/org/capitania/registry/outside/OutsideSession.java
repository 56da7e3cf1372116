package org.capitania.registry.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;

/** One conversation with an outside tool server. Whatever it says stays in the data of a result; a failure is told in our own words. */
final class OutsideSession implements AutoCloseable {
    /** What a server may offer; it is kept, and shown to the owner. */
    private static final int MOST = 200;

    private static final int PAGES = 20;
    private static final int LONGEST = 50_000;
    private static final int LONGEST_TEXT = 200_000;
    private static final String VERSION = "2025-06-18";
    private static final Set<String> VERSIONS = Set.of("2024-11-05", "2025-03-26", VERSION, "2025-11-25");

    private final String server;
    private final OutsideLine line;

    private OutsideSession(String server, OutsideLine line) {
        this.server = server;
        this.line = line;
    }

    static OutsideSession open(String server, OutsideConfig.Server config) {
        OutsideLine line = new OutsideLine(config);
        try {
            ObjectNode hello = Json.MAPPER.createObjectNode().put("protocolVersion", VERSION);
            hello.putObject("capabilities");
            hello.putObject("clientInfo").put("name", "capitania").put("version", "1");
            String agreed = line.ask("initialize", hello)
                    .path("result")
                    .path("protocolVersion")
                    .asText();
            if (!VERSIONS.contains(agreed)) {
                throw new IOException("it speaks version " + agreed);
            }
            line.speaks(agreed);
            line.tell("notifications/initialized");
            return new OutsideSession(server, line);
        } catch (IOException | TimeoutException e) {
            line.close();
            Log.debugf(e, "an outside server does not answer server=%s", server);
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE, "the outside server " + server + " does not answer");
        }
    }

    /** What it offers at this moment. */
    List<OfferedTool> offered() {
        List<OfferedTool> offered = new ArrayList<>();
        ObjectNode page = Json.MAPPER.createObjectNode();
        for (int pages = 0; pages < PAGES; pages++) {
            JsonNode listed = list(page);
            listed.path("tools").forEach(tool -> offered.add(offered(tool)));
            String next = listed.path("nextCursor").asText("");
            if (offered.size() > MOST) {
                break;
            }
            if (next.isEmpty()) {
                return offered;
            }
            page.put("cursor", next);
        }
        throw tooMuch();
    }

    private JsonNode list(ObjectNode page) {
        try {
            JsonNode answer = line.ask("tools/list", page);
            if (!answer.path("result").path("tools").isArray()) {
                throw new IOException("it lists nothing");
            }
            return answer.path("result");
        } catch (OutsideLine.TooLarge e) {
            throw tooMuch();
        } catch (IOException | TimeoutException e) {
            Log.debugf(e, "an outside server lists nothing server=%s", server);
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE, "the outside server " + server + " does not say which tools it has");
        }
    }

    private OfferedTool offered(JsonNode tool) {
        if (tool.toString().contains("\\u0000")) {
            throw new CapitaniaException(
                    ErrorCode.PROVIDER_REJECTED,
                    "the outside server " + server + " offers a tool with U+0000, which is no text");
        }
        OfferedTool offered = OfferedTool.of(server, tool);
        if (offered.definition().toString().length() > LONGEST) {
            throw tooMuch();
        }
        return offered;
    }

    private CapitaniaException tooMuch() {
        return new CapitaniaException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "the outside server " + server + " offers more than " + MOST + " tools or " + PAGES
                        + " pages, or a tool of more than " + LONGEST + " characters");
    }

    /** What became of a call; an {@code ANSWER_LOST} leaves it open whether it happened. */
    JsonNode call(String remoteName, JsonNode arguments) {
        ObjectNode params = Json.MAPPER.createObjectNode().put("name", remoteName);
        params.set("arguments", arguments);
        try {
            JsonNode answer = line.ask("tools/call", params);
            return answer.has("error")
                    ? said(answer.path("error").path("message").asText("it refuses"), true)
                    : said(
                            text(answer.path("result")),
                            answer.path("result").path("isError").asBoolean());
        } catch (OutsideLine.TooLarge e) {
            // It has done it: only what it says of it is lost.
            return said("(it answered, with " + e.getMessage() + ", which are not read)", false);
        } catch (TimeoutException e) {
            throw new CapitaniaException(
                    ErrorCode.ANSWER_LOST,
                    "the outside server " + server + " did not answer in time; it may have done it");
        } catch (IOException e) {
            Log.debugf(e, "an outside call failed server=%s", server);
            throw new CapitaniaException(
                    ErrorCode.ANSWER_LOST,
                    "the outside server " + server
                            + " broke off, or answered no result; whether it did it, it alone knows");
        }
    }

    /** The text of a result; what is no text is named. */
    private static String text(JsonNode result) {
        if (result.path("structuredContent").isObject()) {
            return result.path("structuredContent").toString();
        }
        return result.path("content").valueStream().map(OutsideSession::part).collect(Collectors.joining("\n"));
    }

    private static String part(JsonNode content) {
        JsonNode text = content.path("text").isTextual()
                ? content.path("text")
                : content.path("resource").path("text");
        if (text.isTextual()) {
            return text.asText();
        }
        String uri =
                content.path("uri").asText(content.path("resource").path("uri").asText());
        String kind =
                content.path("type").asText() + " " + content.path("mimeType").asText();
        return "(" + (kind.strip() + " " + uri).strip() + ", not shown)";
    }

    private JsonNode said(String words, boolean error) {
        String text = words.replace('\0', '\uFFFD');
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.put("server", server).put("is_error", error);
        data.put("text", text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…");
        return data;
    }

    @Override
    public void close() {
        line.close();
    }
}
