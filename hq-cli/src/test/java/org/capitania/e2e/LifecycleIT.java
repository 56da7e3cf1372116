package org.capitania.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.capitania.contract.Service;
import org.capitania.e2e.AnthropicStub.Answer;
import org.capitania.e2e.AnthropicStub.Asked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Chief with a real provider's wire format in the running fleet: a whole mail, and what else may end or interrupt a session.
 *
 * <table>
 * <caption>Edges of a session and rows of the table of fallbacks (seeds 21.4), and where each goes through the running fleet</caption>
 * <tr><td>complete</td><td>{@link #shouldDoAWholeMailInAProvidersOwnFormat()}, {@link MainJobIT}</td></tr>
 * <tr><td>fell off: no sentinel</td><td>{@link #shouldBeginAnewWhenTheModelFellOff()}</td></tr>
 * <tr><td>budget, "budget-cap rotation"</td><td>{@link #shouldFreezeAndGoOnInAFreshSessionWhenThereIsMoneyAgain()}</td></tr>
 * <tr><td>watchdog kill</td><td>{@link #shouldBeStoppedByTheWatchdogAndBeginAnewWhenNothingMoves()}</td></tr>
 * <tr><td>crash, "crash recovery"</td><td>{@link KilledServicesIT}</td></tr>
 * <tr><td>"nightly rotation"</td><td>{@link #shouldGoOnInAFreshSessionWhenTheNightRotatesIt()}</td></tr>
 * <tr><td>"auto-compaction"</td><td>{@link #shouldMakeRoomInPlaceWhenTheWindowFills()}</td></tr>
 * <tr><td>pause</td><td>{@link #shouldGoOnWhereItStoodWhenItWasPausedInTheMiddle()}, {@link QuietIT}</td></tr>
 * </table>
 */
class LifecycleIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static FleetUnderTest fleet;
    private static Company company;
    private static AnthropicStub provider;

    @BeforeAll
    static void useTheProvider() {
        fleet = FleetUnderTest.shared();
        company = new Company(fleet);
        provider = new AnthropicStub();
        fleet.give(Service.TOOL_REGISTRY, "HQ_MODELS_ANTHROPIC_BASE_URL", provider.address());
        fleet.give(Service.TOOL_REGISTRY, "HQ_MODELS_ANTHROPIC_API_KEY", AnthropicStub.KEY);
        fleet.give(Service.AGENT_CHIEF, "HQ_MODEL", "anthropic");
        fleet.give(Service.AGENT_CHIEF, "HQ_AGENT_HEARTBEAT", "1s");
        fleet.give(Service.AGENT_CHIEF, "HQ_AGENT_MODELS_WINDOW", "60000");
        fleet.restart(Service.TOOL_REGISTRY);
        fleet.restart(Service.AGENT_CHIEF);
    }

    @AfterAll
    static void rehearseAgain() {
        fleet.give(Service.TOOL_REGISTRY, "HQ_MODELS_ANTHROPIC_BASE_URL", null);
        fleet.give(Service.TOOL_REGISTRY, "HQ_MODELS_ANTHROPIC_API_KEY", null);
        for (String variable : List.of("HQ_MODEL", "HQ_AGENT_HEARTBEAT", "HQ_AGENT_MODELS_WINDOW")) {
            fleet.give(Service.AGENT_CHIEF, variable, null);
        }
        fleet.restart(Service.TOOL_REGISTRY);
        fleet.restart(Service.AGENT_CHIEF);
        provider.close();
    }

    /** A mail that is in, and the word by which the provider knows it. */
    private record Matter(String word, Mail mail, String conversation) {}

    private static Matter mail(String body, Function<Asked, Answer> script) throws Exception {
        String word = "matter-" + UUID.randomUUID().toString().substring(0, 8);
        provider.on(word, script);
        Mail mail = Mail.from("Ana Silva <ana@lifecycle.example>")
                .subject("Saturdays, " + word)
                .body(body);
        return new Matter(word, mail, company.ingest(mail).path("conversation").asText());
    }

    private static Matter mail(Function<Asked, Answer> script) throws Exception {
        return mail("Hello,\r\n\r\nwhen are you open on Saturdays?\r\n\r\nBest, Ana\r\n", script);
    }

    @Test
    void shouldDoAWholeMailInAProvidersOwnFormat() throws Exception {
        Matter matter = mail(AnthropicStub::mail);

        JsonNode proposal = company.pendingProposalFor(matter.conversation());
        assertThat(company.sentIn(matter.mail())).isEmpty();
        company.approve(proposal);

        company.awaitStatus(proposal, "executed");
        assertThat(company.sentIn(matter.mail()))
                .singleElement()
                .satisfies(sent -> assertThat(sent).contains("open on Saturdays from ten to six"));
        assertThat(codes(matter)).containsExactly("task_complete");
        assertThat(company.toolsOf(task(matter)))
                .as("chief's calls, and between them operator's looks")
                .containsSubsequence("email_thread_read", "hq_agent", "hq_search", "email_send");
        assertThat(provider.asked(matter.word())
                        .getLast()
                        .result("hq_agent")
                        .path("reply")
                        .asText())
                .as("operator's answer")
                .isNotBlank()
                .doesNotContain("could not");
        // And the provider found nothing wrong with what it was sent, was shown the tools, and its tokens are in the
        // books
        assertThat(provider.refusals()).isEmpty();
        assertThat(provider.asked(matter.word()))
                .hasSize(5)
                .allSatisfy(asked -> assertThat(
                                asked.isSnapshot() || asked.body().path("tools").size() > 20)
                        .isTrue());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(books(matter))
                        .hasSize(5)
                        .allSatisfy(call ->
                                assertThat(call.path("cost_usd").decimalValue()).isPositive()));
    }

    private static List<JsonNode> books(Matter matter) {
        return Company.list(fleet.get(Service.TOOL_REGISTRY, "/v1/llm-calls?limit=100000")
                        .path("items"))
                .stream()
                .filter(call -> call.path("task_id").asText().equals(task(matter)))
                .filter(call -> call.path("agent").asText().equals("agent:chief"))
                .toList();
    }

    @Test
    void shouldBeginAnewWhenTheModelFellOff() throws Exception {
        AtomicInteger first = new AtomicInteger();
        Matter matter = mail(asked -> first.incrementAndGet() <= 2
                ? Answer.say("I shall think about it.")
                : Answer.done("nothing waits here"));

        await().atMost(PATIENCE).until(() -> codes(matter).contains("task_complete"));
        assertThat(codes(matter)).as("reminded once, then given up").containsExactly("no_sentinel", "task_complete");
        assertThat(kinds(matter, 0)).containsOnlyOnce("reminded");
    }

    @Test
    void shouldFreezeAndGoOnInAFreshSessionWhenThereIsMoneyAgain() throws Exception {
        Held held = new Held(2);
        Matter matter = mail(held);
        held.awaitAsked();
        // When: the company's money is used up while the session is at work
        assertThat(fleet.hq("budget", "set", "0", "--json").exit()).isZero();
        try {
            held.release();
            await().atMost(PATIENCE).until(() -> codes(matter).contains("budget_exhausted"));
            int asked = provider.asked(matter.word()).size();
            await().atMost(PATIENCE)
                    .until(() -> fleet.hq("review", "list", "--json").out().contains("ceiling"));
            assertThat(provider.asked(matter.word()))
                    .as("nobody is asked without money")
                    .hasSize(asked);
        } finally {
            assertThat(fleet.hq("budget", "set", "200", "--json").exit()).isZero();
        }
        // Then
        assertThat(company.pendingProposalFor(matter.conversation())
                        .path("tool")
                        .asText())
                .isEqualTo("email_send");
        await().atMost(PATIENCE).until(() -> codes(matter).getLast().equals("task_complete"));
        assertThat(codes(matter)).startsWith("budget_exhausted");
    }

    @Test
    void shouldBeStoppedByTheWatchdogAndBeginAnewWhenNothingMoves() throws Exception {
        Map<String, String> impatient =
                Map.of("HQ_CHECKS_SLOW", "1s", "HQ_CHECKS_IDLE_RUN", "3s", "HQ_CHECKS_GRACE", "2s");
        impatient.forEach((name, value) -> fleet.give(Service.WATCHDOG, name, value));
        fleet.restart(Service.WATCHDOG);
        try {
            Held held = new Held(1);
            Matter matter = mail(held);
            held.awaitAsked();

            await().atMost(PATIENCE).until(() -> codes(matter).contains("stopped"));
            held.release();

            await().atMost(PATIENCE).until(() -> codes(matter).contains("task_complete"));
            assertThat(codes(matter)).containsExactly("stopped", "task_complete");
            assertThat(fleet.get(Service.WATCHDOG, "/v1/incidents").toString()).contains("run_without_progress");
        } finally {
            impatient.keySet().forEach(name -> fleet.give(Service.WATCHDOG, name, null));
            fleet.restart(Service.WATCHDOG);
        }
    }

    @Test
    void shouldGoOnInAFreshSessionWhenTheNightRotatesIt() throws Exception {
        Held held = new Held(1);
        Matter matter = mail(held);
        held.awaitAsked();

        assertThat(fleet.hq("beat", "run", "session_rotation", "--json").exit()).isZero();
        held.releaseAfter(Duration.ofSeconds(3));

        JsonNode proposal = company.pendingProposalFor(matter.conversation());
        await().atMost(PATIENCE).until(() -> codes(matter).contains("task_complete"));
        assertThat(codes(matter)).containsExactly("rotated", "task_complete");
        assertThat(sessions(matter).getFirst().path("run_id"))
                .as("the same run")
                .isEqualTo(sessions(matter).getLast().path("run_id"));
        assertThat(proposal.path("task_id").asText()).isEqualTo(task(matter));
        // And what the first leaves behind is in the graph
        assertThat(company.nodes("type=agent_handover_memo&prop.task_id=" + task(matter)))
                .hasSize(2);
    }

    @Test
    void shouldMakeRoomInPlaceWhenTheWindowFills() throws Exception {
        String longMail = "When are you open on Saturdays?\r\n" + "We ask because it is far away.\r\n".repeat(1500);
        Matter matter = mail(longMail, asked -> switch (asked.turn()) {
            case 0 -> AnthropicStub.mail(asked);
            case 1 -> Answer.use("hq_search", Map.of("query", "hours"));
            case 2 -> Answer.use("hq_search", Map.of("query", "opening")).weighing(46_000);
            default -> Answer.done("nothing more is needed");
        });

        await().atMost(PATIENCE).until(() -> codes(matter).contains("task_complete"));
        assertThat(codes(matter)).as("the task stays in its session").containsExactly("task_complete");
        assertThat(kinds(matter, 0)).containsSubsequence("alarmed", "compacted", "asked", "replied", "ended");
        Asked last = provider.asked(matter.word()).stream()
                .filter(asked -> asked.turn() == 3 && !asked.isSnapshot())
                .findFirst()
                .orElseThrow();
        assertThat(last.text()).contains("left_out");
        assertThat(last.result("email_thread_read").isMissingNode()).isTrue();
    }

    @Test
    void shouldGoOnWhereItStoodWhenItWasPausedInTheMiddle() throws Exception {
        Held held = new Held(1);
        Matter matter = mail(held);
        held.awaitAsked();
        assertThat(fleet.hq("agent", "pause", "chief", "--reason", "lunch", "--json")
                        .exit())
                .isZero();
        try {
            await().atMost(PATIENCE)
                    .until(() -> wakes().stream()
                            .noneMatch(w -> w.path("state").asText().equals("running")));
            held.release();
            int asked = provider.asked(matter.word()).size();
            await().during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> provider.asked(matter.word()).size() == asked);
        } finally {
            assertThat(fleet.hq("agent", "resume", "chief", "--json").exit()).isZero();
        }
        assertThat(company.pendingProposalFor(matter.conversation())
                        .path("tool")
                        .asText())
                .isEqualTo("email_send");
        await().atMost(PATIENCE).until(() -> codes(matter).contains("task_complete"));
        assertThat(codes(matter)).containsExactly("task_complete");
    }

    /** A whole mail, whose answer in one turn waits until it is let go, the first time. */
    private static final class Held implements Function<Asked, Answer> {
        private final int turn;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        Held(int turn) {
            this.turn = turn;
        }

        @Override
        public Answer apply(Asked asked) {
            if (asked.turn() == turn && reached.getCount() > 0) {
                reached.countDown();
                try {
                    go.await(2, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return AnthropicStub.mail(asked);
        }

        void awaitAsked() throws InterruptedException {
            assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        }

        void release() {
            go.countDown();
        }

        /** Later, so that a heartbeat has brought the news before. */
        void releaseAfter(Duration wait) throws InterruptedException {
            assertThat(go.await(wait.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
            release();
        }
    }

    private static List<JsonNode> wakes() {
        return Company.list(
                fleet.get(Service.SUPERVISOR, "/v1/wakes?role=chief&limit=5").path("items"));
    }

    private static String task(Matter matter) {
        return tasks(matter).getFirst();
    }

    private static List<String> tasks(Matter matter) {
        return fleet.rows(
                Service.SUPERVISOR,
                "SELECT task_id FROM fleet.tasks WHERE conversation_id = '" + matter.conversation() + "'");
    }

    /** The sessions of a matter that have ended, the oldest first. */
    private static List<JsonNode> sessions(Matter matter) {
        return tasks(matter).stream()
                .flatMap(
                        task -> Company.list(fleet.get(Service.AGENT_CHIEF, "/v1/sessions?task_id=" + task)
                                        .path("items"))
                                .reversed()
                                .stream())
                .filter(session -> session.path("closed_at").isTextual())
                .toList();
    }

    private static List<String> codes(Matter matter) {
        return sessions(matter).stream().map(s -> s.path("code").asText()).toList();
    }

    private static List<String> kinds(Matter matter, int session) {
        String id = sessions(matter).get(session).path("session_id").asText();
        return Company.list(fleet.get(Service.AGENT_CHIEF, "/v1/sessions/" + id).path("entries")).stream()
                .map(entry -> entry.path("kind").asText())
                .toList();
    }
}
