package org.capitania.agentruntime.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.agentruntime.rehearsal.ChiefMailRehearsalTest.mail;
import static org.capitania.agentruntime.rehearsal.ChiefRehearsalTest.data;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.Sentinel;
import org.capitania.agentruntime.transcript.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for all procedures together: seeds, usage, faults, and that no trigger is without one. */
class RehearsalManyTest {
    private static final FakeCompany ENGLISH = FakeCompany.of(Language.ENGLISH);

    @ParameterizedTest
    @ValueSource(strings = {"chief", "operator"})
    void shouldHaveAProcedureForEveryTrigger(String role) {
        List<String> triggers = PublishedTools.text("agent-" + role + "/workspace/agent.md")
                .replaceFirst("(?s).*\n## Triggers\n", "")
                .replaceFirst("(?s)\n## .*", "")
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Event"))
                .map(line -> line.split("\\|")[1].strip())
                .filter(t -> !List.of(
                                "proposal.rejected",
                                "proposal.failed",
                                "proposal.stale",
                                "proposal.unknown",
                                "proposal.expired")
                        .contains(t))
                .toList();

        assertThat(triggers).hasSizeGreaterThan(10).allMatch(Procedures::plays);
    }

    @Test
    void shouldMakeTheSameMovesForTheSameSeedAndOthersForAnother() {
        Set<String> ways = new LinkedHashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            String once = way(seed);
            assertThat(way(seed)).isEqualTo(once);
            ways.add(once);
        }

        assertThat(ways).as("two openings, and one or two readers").hasSizeBetween(3, 4);
    }

    private static String way(long seed) {
        FakeCompany company = new FakeCompany(Language.ENGLISH, "What does the contract say?")
                .answering("agent_spawn", Map.of("answer", "In March."));
        Rehearsal end = new Rehearsal("chief", company, List.of("agent_spawn"), seed, "task-1")
                .receive("email.received", "", mail(true))
                .play();
        return end.calls.toString();
    }

    @Test
    void shouldCountTokensAsAProviderWithACacheDoes() {
        Rehearsal end = Rehearsal.of("chief", ENGLISH)
                .receive("email.received", "", mail(true))
                .play();
        List<Usage> usages = end.replies.stream().map(Reply::usage).toList();

        assertThat(usages.getFirst().cacheRead()).isZero();
        assertThat(usages.getFirst().cacheWrite()).isGreaterThan(RehearsedUsage.LEAST_CACHED);
        for (int i = 1; i < usages.size(); i++) {
            assertThat(usages.get(i).cacheRead()).isEqualTo(usages.get(i - 1).prompt());
            assertThat(usages.get(i).prompt()).isGreaterThan(usages.get(i - 1).prompt());
            assertThat(usages.get(i).output()).isPositive();
        }
    }

    @Test
    void shouldRecoverWhenAToolWasMisnamedAndAReplyCutOff() {
        Rehearsal end = faulty("wrong-tool", "cut-off").play();

        assertThat(end.replies.get(0).calls().getFirst().tool()).isEqualTo("email_thread_read_v2");
        assertThat(end.replies.get(1).finish()).isEqualTo(Finish.LENGTH);
        assertThat(end.tools()).containsExactly("email_thread_read", "hq_agent", "email_send");
    }

    @Test
    void shouldEndAfterAReminderWhenTheSentinelWasForgotten() {
        Rehearsal end = faulty("forget-sentinel");
        for (int turn = 0; turn < 4; turn++) {
            end.step(turn);
        }
        assertThat(Sentinel.reason(end.text())).isEmpty();

        end.remind(3);
        assertThat(Sentinel.reason(end.step(4).text())).isPresent();
    }

    @Test
    void shouldMakeTheSameCallForEverWhenItLoops() {
        Rehearsal end = faulty("loop");

        assertThat(Stream.of(0, 1, 2, 3, 4)
                        .map(end::step)
                        .map(r -> r.calls().getFirst().tool()
                                + r.calls().getFirst().arguments())
                        .distinct())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lazy", "slow", "slow:soon", "loop:twice"})
    void shouldRefuseAFaultThatNobodyKnows(String word) {
        assertThatThrownBy(() -> faulty(word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + word + "\"")
                .hasMessageContaining("forget-sentinel");
    }

    @Test
    void shouldSendTheSameOnceMoreWhenPlainerWordsAreAskedFor() {
        FakeCompany company = FakeCompany.of(Language.ENGLISH).refusing("email_send", Play.PLAINER);
        Rehearsal end = Rehearsal.of("chief", company)
                .receive("email.received", "", mail(true))
                .play();

        assertThat(end.tools()).containsExactly("email_thread_read", "hq_agent", "email_send", "email_send");
        assertThat(end.reason()).contains("reply not accepted: plain_language");
    }

    @Test
    void shouldWriteInTheLanguageThatTheGatewayNames() {
        FakeCompany company = FakeCompany.of(Language.ENGLISH)
                .refusing("email_send", Play.PLAINER, "the reader's language is Portuguese");
        Rehearsal end = Rehearsal.of("chief", company)
                .receive("email.received", "", mail(true))
                .play();

        assertThat(end.made("email_send").path("body_text").asText()).startsWith("Bom dia Ana");
    }

    @Test
    void shouldDoBothWhenTwoThingsComeIn() {
        Rehearsal end = Rehearsal.of("operator", ENGLISH)
                .receive("finance.anomaly", "", data("entity_slug", "entity:aurora", "summary", "Twice."))
                .receive("task.assigned_to", "operator", data("task_slug", "task:t"))
                .play();

        assertThat(end.made("hq_task create").path("kind").asText()).isEqualTo("finance");
        assertThat(end.made("hq_task complete").path("ref").asText()).isEqualTo("task:t");
        assertThat(end.reason()).contains("one task on the list; task closed with its outcome");
    }

    private static Rehearsal faulty(String... faults) {
        return new Rehearsal("chief", ENGLISH, List.of(), 0, "task-1", faults)
                .receive("email.received", "", mail(true));
    }
}
