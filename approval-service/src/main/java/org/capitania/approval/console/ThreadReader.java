package org.capitania.approval.console;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.capitania.approval.console.MailThread.Attachment;
import org.capitania.approval.console.MailThread.Message;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** Reads a conversation from the graph, in the name of the person who looks at it. */
@ApplicationScoped
class ThreadReader {
    private static final int MOST = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private record Read(Instant at, Message message) {}

    private final Peers peers;
    private final Clock clock;

    ThreadReader(Peers peers, Clock clock) {
        this.peers = peers;
        this.clock = clock;
    }

    /** The thread's newest messages; {@code answered} is marked. */
    MailThread read(Scope scope, String conversation, @Nullable String answered) {
        NodeView.Detail root = node(scope, conversation);
        EdgeView.Page parts = peers.get(
                Service.GRAPH_SERVICE,
                "/v1/nodes/" + encode(conversation) + "/edges?type=part_of&direction=in&limit=200",
                scope,
                EdgeView.Page.class,
                options(scope));
        List<String> ids = parts.items().stream()
                .filter(e -> e.other().type().equals("interaction"))
                .map(e -> e.other().id())
                .distinct()
                .toList();
        List<Message> messages = ids.stream().limit(MOST).toList().isEmpty()
                ? List.of()
                : messages(scope, ids.stream().limit(MOST).toList(), answered);
        return new MailThread(root.node().text("subject"), messages, ids.size() - messages.size());
    }

    private List<Message> messages(Scope scope, List<String> ids, @Nullable String answered) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Read>> reading = ids.stream()
                    .map(id -> threads.submit(() -> message(node(scope, id).node(), answered)))
                    .toList();
            List<Read> read = new ArrayList<>();
            for (Future<Read> one : reading) {
                read.add(one.get());
            }
            return read.stream()
                    .sorted(Comparator.comparing(Read::at))
                    .map(Read::message)
                    .toList();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CapitaniaException named
                    ? named
                    : new CapitaniaException(ErrorCode.INTERNAL, "a message could not be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "interrupted while reading the thread", e);
        }
    }

    private NodeView.Detail node(Scope scope, String id) {
        return peers.get(
                Service.GRAPH_SERVICE, "/v1/nodes/" + encode(id), scope, NodeView.Detail.class, options(scope));
    }

    private Read message(NodeView node, @Nullable String answered) {
        JsonNode props = node.props();
        Instant at = time(node);
        Quoted text = Quoted.split(props.path("body_text").asText(""));
        Message message = new Message(
                node.id(),
                node.slug(),
                Addresses.visible(props.path("from").asText("unknown sender")),
                readable(node.text("from_name")),
                StreamSupport.stream(props.path("to").spliterator(), false)
                        .map(JsonNode::asText)
                        .map(Addresses::visible)
                        .toList(),
                "out".equals(node.text("direction")),
                node.id().equals(answered),
                Moment.of(at, clock.instant()),
                text.said(),
                text.quoted(),
                attachments(props.path("attachments")),
                props.path("truncated").asBoolean(false));
        return new Read(at, message);
    }

    private static List<Attachment> attachments(JsonNode attachments) {
        return StreamSupport.stream(attachments.spliterator(), false)
                .map(a -> new Attachment(
                        Addresses.readable(a.path("name").asText("attachment")),
                        size(a.path("size").asLong())))
                .toList();
    }

    private static @Nullable String readable(@Nullable String text) {
        return text == null ? null : Addresses.readable(text);
    }

    private static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        return bytes < 1024 * 1024 ? bytes / 1024 + " KB" : "%.1f MB".formatted(bytes / (1024.0 * 1024));
    }

    private static Instant time(NodeView node) {
        String sent = node.text("sent_at");
        if (sent != null) {
            try {
                return Instant.parse(sent);
            } catch (DateTimeParseException e) {
                return node.createdAt();
            }
        }
        Instant occurred = node.occurredAt();
        return occurred == null ? node.createdAt() : occurred;
    }

    private static PeerOptions options(Scope scope) {
        return PeerOptions.DEFAULT.withTimeout(PATIENCE).onBehalfOf(scope.actor());
    }

    private static String encode(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}
