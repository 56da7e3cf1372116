package org.capitania.chief;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.capitania.agentruntime.loop.SessionStore;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.model.Words;
import org.capitania.agentruntime.session.LiveSessions;
import org.capitania.agentruntime.session.Sessions;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Asked;
import org.capitania.agentruntime.transcript.SessionEntry.Closed;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.SessionEntry.Replied;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.transcript.Usage;
import org.capitania.agentruntime.workspace.ModelClass;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.servicekit.Scope;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session as its readers see it while it goes on, over real HTTP. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {@ResourceArg(name = "service", value = "agent-chief"), @ResourceArg(name = "peers", value = "fake")
        })
class LiveSessionIT {
    private static final Reply DEAR_ANA =
            new Reply("Dear Ana", List.of(), Finish.STOP, new Usage(1, 1, 0, 0), "scripted");

    @Inject
    Sessions sessions;

    @Inject
    SessionStore store;

    @Inject
    LiveSessions live;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Stream<String>> open = new ArrayList<>();
    private FakeFleet fleet;
    private Ticket ticket;
    private int known;

    /** One who reads what comes. */
    private record Reader(List<String> ids, List<String> events) {}

    @BeforeEach
    void begin() {
        fleet = new FakeFleet();
        ticket = session("main");
        known = 0;
    }

    @AfterEach
    void stop() {
        open.forEach(Stream::close);
        http.shutdownNow();
        fleet.close();
    }

    @Test
    void shouldTellEntriesAsTheyComeAndWordsAsTheyAreSaid() throws Exception {
        append(new Asked(0, 1, "c1", ModelClass.HAIKU));
        Reader reader = read(ticket, null);
        awaitEvents(reader, "entry asked");

        List<String> heardBefore = new CopyOnWriteArrayList<>();
        Reply reply = live.heard(new Slow(() -> {
                    awaitEvents(reader, "entry asked", "text Dear ");
                    heardBefore.addAll(reader.events());
                }))
                .reply(request());
        awaitEvents(reader, "entry asked", "text Dear ", "text Ana");
        append(new Replied(0, reply));
        append(new Ended(Ending.FINISHED, "task_complete", "answered"));
        append(new Closed(null));

        awaitEvents(
                reader,
                "entry asked",
                "text Dear ",
                "text Ana",
                "entry replied",
                "entry ended",
                "entry closed",
                "end answered");
        assertThat(heardBefore).as("before the model had ended").hasSize(2);
        assertThat(reader.ids()).as("words are no state").containsExactly("0", "1", "2", "3");
    }

    @Test
    void shouldMissNoEntryWhenAReaderComesBack() throws Exception {
        append(new Asked(0, 1, "c1", ModelClass.HAIKU));
        append(new Replied(0, DEAR_ANA));
        Reader first = read(ticket, null);
        awaitEvents(first, "entry asked", "entry replied");
        open.getFirst().close();
        append(new Ended(Ending.FINISHED, "task_complete", "answered"));

        Reader second = read(ticket, "1");
        awaitEvents(second, "entry ended");
        append(new Closed(null));
        awaitEvents(second, "entry ended", "entry closed", "end answered");
        Reader late = read(ticket, "3");
        awaitEvents(late, "end answered");

        assertThat(first.ids()).containsExactly("0", "1");
        assertThat(second.ids()).containsExactly("2", "3");
        assertThat(late.ids()).isEmpty();
    }

    @Test
    void shouldShowWhatIsBeingSaidToOneWhoComesLater() throws Exception {
        append(new Asked(0, 1, "c1", ModelClass.HAIKU));
        live.heard(new Slow(() -> {})).reply(request());

        awaitEvents(read(ticket, "0"), "text Dear Ana");

        // And: no longer once it stands in the store
        append(new Replied(0, DEAR_ANA));
        awaitEvents(read(ticket, "0"), "entry replied");
    }

    @Test
    void shouldBeShownToPeopleOfItsTenantAlone() throws Exception {
        append(new Asked(0, 1, "c1", ModelClass.HAIKU));
        String path = "/v1/sessions/" + ticket.sessionId() + "/live";
        Ticket others = session("other");
        store.append(others, 0, List.of(new Asked(0, 1, "c1", ModelClass.HAIKU)));

        given().get(path).then().statusCode(401);
        with(TestTokens.bearer("system:supervisor", Service.AGENT_CHIEF))
                .get(path)
                .then()
                .statusCode(403);
        with(TestTokens.bearer("system:approval-service", Service.AGENT_CHIEF))
                .get(path)
                .then()
                .statusCode(403);
        with(TestTokens.bearer("user:elsewhere", Service.AGENT_CHIEF, "other"))
                .get(path)
                .then()
                .statusCode(404);
        owner().get("/v1/sessions/" + others.sessionId() + "/live").then().statusCode(404);
        owner().header("Last-Event-ID", "first").get(path).then().statusCode(400);
        owner().get("/v1/sessions/none/live").then().statusCode(404);
        // Then: the console may, for whoever is signed in there
        awaitEvents(
                read(
                        TestTokens.onBehalfOf("system:approval-service", "user:ana", Service.AGENT_CHIEF, "main"),
                        ticket,
                        null),
                "entry asked");
    }

    private Ticket session(String tenant) {
        String task = UUID.randomUUID().toString();
        Scope scope = Scope.of(tenant, "agent:chief", "test");
        Sessions.Place.In in = (Sessions.Place.In) sessions.forTask(scope, task, "run-1", Set.of("e-1"));
        return new Ticket(tenant, "chief", in.sessionId(), task, "run-1", 1);
    }

    private void append(SessionEntry entry) {
        store.append(ticket, known++, List.of(entry));
    }

    private ModelRequest request() {
        return new ModelRequest(
                ticket,
                "c1",
                0,
                ModelRequest.Purpose.TURN,
                ModelClass.HAIKU,
                new Transcript(ticket.sessionId(), store.entries(ticket)),
                List.of());
    }

    private Reader read(Ticket of, @Nullable String seen) throws Exception {
        return read(TestTokens.bearer("user:owner", Service.AGENT_CHIEF), of, seen);
    }

    private Reader read(String bearer, Ticket of, @Nullable String seen) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/sessions/" + of.sessionId() + "/live"))
                .header("Authorization", "Bearer " + bearer);
        if (seen != null) {
            request.header("Last-Event-ID", seen);
        }
        var response = http.send(request.build(), BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        open.add(response.body());
        Reader reader = new Reader(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        Thread.startVirtualThread(() -> {
            try {
                response.body().forEach(line -> take(reader, line));
            } catch (UncheckedIOException e) {
                reader.events().add("closed");
            }
        });
        return reader;
    }

    private static void take(Reader reader, String line) {
        if (line.startsWith("id: ")) {
            reader.ids().add(line.substring("id: ".length()));
        } else if (line.startsWith("data: ")) {
            JsonNode data = Json.read(line.substring("data: ".length()), JsonNode.class);
            reader.events()
                    .add(
                            data.has("seq")
                                    ? "entry " + data.path("kind").asText()
                                    : data.has("text")
                                            ? "text " + data.path("text").asText()
                                            : "end " + data.path("reason").asText());
        }
    }

    private static void awaitEvents(Reader reader, String... events) {
        await().untilAsserted(() -> assertThat(reader.events()).containsExactly(events));
    }

    private static RequestSpecification owner() {
        return with(TestTokens.bearer("user:owner", Service.AGENT_CHIEF));
    }

    private static RequestSpecification with(String bearer) {
        return given().header("Authorization", "Bearer " + bearer);
    }

    /** Says one word, waits, and says another. */
    private record Slow(Runnable between) implements Model {
        @Override
        public String provider() {
            return "scripted";
        }

        @Override
        public Reply reply(ModelRequest request) {
            return DEAR_ANA;
        }

        @Override
        public Reply reply(ModelRequest request, Words words) {
            words.said(request.callId(), "Dear ");
            between.run();
            words.said(request.callId(), "Ana");
            return DEAR_ANA;
        }
    }
}
