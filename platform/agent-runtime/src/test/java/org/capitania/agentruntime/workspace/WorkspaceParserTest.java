package org.capitania.agentruntime.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.agentruntime.workspace.ModelPolicy.Choice;
import org.capitania.agentruntime.workspace.ModelPolicy.Situation;
import org.junit.jupiter.api.Test;

class WorkspaceParserTest {
    private static final String GOOD = """
            ---
            name: chief
            description: The outward agent.
            company: Example Ltd
            ---
            # chief

            ## Model policy
            | When | Model | Mandatory |
            |---|---|---|
            | session ask | haiku | no |
            | text /contract\\|proposal/ | opus | yes |
            | default | sonnet | no |

            ## Triggers
            | Event | Where |
            |---|---|
            | email.received | answerable = true |
            | proposal.rejected | agent = chief and revision = 2 |
            | owner.dm | always |

            ## Tools
            - hq_search — look first
            - email_send

            ## Subagents allowed
            - email-drafter

            ## Budget
            | Control | Value |
            |---|---|
            | daily_usd_soft | $2.50 |
            | daily_usd_hard | $7.00 |
            | tokens_per_run_cap | 200 000 |
            | max_turns_per_query | 30 |
            | opus_turns_per_day_cap | 12 |

            ## Permissions
            - scope: read-everywhere, draft-outbound
            - You may draft; the owner sends.

            ## Session lifecycle
            | Setting | Value |
            |---|---|
            | warm_window | 90 s |
            | identical_calls | 4 |
            | reminders | 1 |

            ## Prompt
            Do the work. End with `<task-complete reason="…"/>`.

            See also [the playbook](playbook.md).
            """;

    private static Workspace parse(String main) {
        Map<String, String> files = Map.of("CLAUDE.md", main, "playbook.md", "# Playbook\nStep one.\n");
        return WorkspaceParser.parse("chief", name -> Optional.ofNullable(files.get(name)));
    }

    private static List<String> problems(String main) {
        WorkspaceException e = catchThrowableOfType(WorkspaceException.class, () -> parse(main));
        assertThat(e).as("the workspace should be refused").isNotNull();
        return e.problems().stream().map(WorkspaceProblem::toString).toList();
    }

    @Test
    void shouldReadEverySectionWhenWorkspaceIsWhole() {
        Workspace workspace = parse(GOOD);

        assertThat(workspace.company()).isEqualTo("Example Ltd");
        assertThat(workspace.triggers())
                .containsExactly(
                        new Trigger("email.received", Map.of("answerable", true)),
                        new Trigger("proposal.rejected", Map.of("agent", "chief", "revision", 2L)),
                        new Trigger("owner.dm", Map.of()));
        assertThat(workspace.tools()).containsExactly("hq_search", "email_send");
        assertThat(workspace.budget())
                .isEqualTo(new Budget(new BigDecimal("2.50"), new BigDecimal("7.00"), 200_000, 30, 12));
        assertThat(workspace.lifecycle()).isEqualTo(new Lifecycle(Duration.ofSeconds(90), 4, 1));
        assertThat(workspace.permissions().scopes()).containsExactlyInAnyOrder("read-everywhere", "draft-outbound");
        assertThat(workspace.systemPrompt()).contains("Do the work.", "You may draft", "Step one.");
        assertThat(workspace.files()).extracting(f -> f.name()).containsExactly("CLAUDE.md", "playbook.md");
    }

    @Test
    void shouldChooseFirstFittingRuleWhenPolicyHasSeveral() {
        ModelPolicy policy = parse(GOOD).models();

        assertThat(policy.choose(new Situation("ask", List.of(), "the contract")))
                .isEqualTo(new Choice(ModelClass.HAIKU, false));
        assertThat(policy.choose(new Situation("task", List.of("email.received"), "the Contract")))
                .isEqualTo(new Choice(ModelClass.OPUS, true));
        assertThat(policy.choose(new Situation("task", List.of("email.received"), "hello")))
                .isEqualTo(new Choice(ModelClass.SONNET, false));
    }

    @Test
    void shouldChangeVersionWhenAnyFileChanges() {
        Workspace one = parse(GOOD);
        Workspace same = parse(GOOD);
        Workspace other = parse(GOOD.replace("Do the work.", "Do it."));

        assertThat(one.version()).isEqualTo(same.version()).isNotEqualTo(other.version());
        assertThat(one.systemPrompt()).isEqualTo(same.systemPrompt());
    }

    @Test
    void shouldNameFileLineAndExpectationWhenValuesAreWrong() {
        String wrong = GOOD.replace("| default | sonnet | no |", "| default | sonet | no |")
                .replace("| email.received | answerable = true |", "| Email Received | answerable = true |")
                .replace("| owner.dm | always |", "| owner.dm | now and then |")
                .replace("| daily_usd_soft | $2.50 |", "| daily_usd_soft | a little |")
                .replace("| reminders | 1 |", "| reminder | 1 |")
                .replace("- email_send", "- Email Send")
                .replace("(playbook.md)", "(plybook.md)");

        assertThat(problems(wrong))
                .containsExactly(
                        "CLAUDE.md:13: found \"sonet\" as a model, expected haiku, sonnet or opus",
                        "CLAUDE.md:8: found no default model, expected a row whose first cell is default",
                        "CLAUDE.md:18: found \"Email Received\" as an event, expected an event type such as"
                                + " email.received, or a pattern such as proposal.*",
                        "CLAUDE.md:20: found \"now\" as a condition, expected field = value, joined by \"and\", or \"always\"",
                        "CLAUDE.md:20: found \"then\" as a condition, expected field = value, joined by \"and\", or \"always\"",
                        "CLAUDE.md:24: found \"Email Send\", expected a tool's name: lower-case letters, digits, _ and -",
                        "CLAUDE.md:32: found \"a little\" for daily_usd_soft, expected an amount such as $2.50",
                        "CLAUDE.md:42: found no row reminders, expected a row | reminders | a whole number above 0, such"
                                + " as 200 000 |",
                        "CLAUDE.md:52: found a link to plybook.md, expected a file of that name with text");
    }

    @Test
    void shouldNameMissingSectionsAndFieldsWhenFileIsAlmostEmpty() {
        assertThat(problems("---\nname: operator\ncompany\n---\n## Tools\n- hq_search\n"))
                .contains(
                        "CLAUDE.md:2: found name: operator, expected name: chief",
                        "CLAUDE.md:3: found \"company\" in the frontmatter, expected key: value",
                        "CLAUDE.md:1: found no description in the frontmatter, expected description: text",
                        "CLAUDE.md: found no section \"Budget\", expected a heading ## Budget")
                .doesNotContain("CLAUDE.md: found no section \"Tools\", expected a heading ## Tools");
    }

    @Test
    void shouldReadTriggersThatNameASubject() {
        String mapped = GOOD.replace("| owner.dm | always |", "| task.assigned_to.project:* | always |");
        assertThat(parse(mapped).triggers()).contains(new Trigger("task.assigned_to.project:*", Map.of()));

        assertThat(problems(GOOD.replace("| owner.dm | always |", "| task.*.project | always |")))
                .singleElement()
                .asString()
                .startsWith("CLAUDE.md:20: found \"task.*.project\" as an event, expected");
    }

    @Test
    void shouldSayWhichFileIsLargerThanItsCap() {
        assertThat(TokenCaps.exceeded(parse(GOOD))).isEmpty();

        Workspace large = parse(GOOD.replace("Do the work.", "Do the work. ".repeat(1_000)));
        assertThat(TokenCaps.exceeded(large))
                .singleElement()
                .asString()
                .matches("CLAUDE.md has \\d+ tokens, its cap is 1800");
    }

    @Test
    void shouldRefusePromptWhenItDoesNotSayHowToEnd() {
        assertThat(problems(GOOD.replace("End with `<task-complete reason=\"…\"/>`.", "")))
                .singleElement()
                .asString()
                .startsWith("CLAUDE.md:49: found a prompt without the sentinel");
    }

    @Test
    void shouldRefuseSoftCapWhenItIsAboveTheHardOne() {
        assertThat(problems(GOOD.replace("$2.50", "$9.00")))
                .containsExactly("CLAUDE.md:32: found daily_usd_soft above daily_usd_hard, expected the soft cap at or"
                        + " below the hard one");
    }

    @Test
    void shouldSayWhatIsMissingWhenThereIsNoFileAtAll() {
        WorkspaceException e = catchThrowableOfType(
                WorkspaceException.class, () -> WorkspaceParser.parse("chief", name -> Optional.empty()));

        assertThat(e).hasMessageContaining("CLAUDE.md: found no such file, expected the agent's definition");
    }
}
