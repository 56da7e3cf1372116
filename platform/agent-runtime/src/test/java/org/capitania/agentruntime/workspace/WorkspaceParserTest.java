package org.capitania.agentruntime.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
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
            - email-drafter — one reply

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
            1. [who you are](CLAUDE.md)
            2. [the playbook](playbook.md)
            """;

    private static final String PROMPT = """
            # You are chief
            Do the work. End with `<task-complete reason="…"/>`.
            """;

    private static final String DRAFTER = """
            ---
            name: email-drafter
            description: Drafts one reply.
            model: sonnet
            ---
            ## Tools
            - hq_search

            ## Limits
            | Control | Value |
            |---|---|
            | max_turns | 8 |
            | tokens_per_run_cap | 40 000 |

            ## Prompt
            Draft it.
            """;

    private static Map<String, String> files(String main) {
        return new HashMap<>(Map.of(
                "agent.md",
                main,
                "CLAUDE.md",
                PROMPT,
                "playbook.md",
                "# Playbook\nStep one.\n",
                "_shared/CLAUDE.md",
                "# What all hold to\n",
                "subagents/email-drafter.md",
                DRAFTER));
    }

    private static Workspace parse(Map<String, String> files) {
        return WorkspaceParser.parse("chief", name -> Optional.ofNullable(files.get(name)));
    }

    private static Workspace parse(String main) {
        return parse(files(main));
    }

    private static Workspace parse(String name, String text) {
        Map<String, String> files = files(GOOD);
        files.put(name, text);
        return parse(files);
    }

    private static List<String> problems(String main) {
        return problems(files(main));
    }

    private static List<String> problems(String name, String text) {
        Map<String, String> files = files(GOOD);
        files.put(name, text);
        return problems(files);
    }

    private static List<String> problems(Map<String, String> files) {
        WorkspaceException e = catchThrowableOfType(WorkspaceException.class, () -> parse(files));
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
                .isEqualTo(new Budget(new BigDecimal("2.50"), new BigDecimal("7.00"), 200_000, 30, 12, 12));
        assertThat(workspace.lifecycle()).isEqualTo(new Lifecycle(Duration.ofSeconds(90), 4, 1));
        assertThat(workspace.permissions().scopes()).containsExactlyInAnyOrder("read-everywhere", "draft-outbound");
        assertThat(workspace.systemPrompt()).contains("Do the work.", "You may draft", "Step one.");
        assertThat(workspace.files())
                .extracting(f -> f.name())
                .containsExactly("agent.md", "CLAUDE.md", "playbook.md", "subagents/email-drafter.md");
    }

    @Test
    void shouldReadFromHowManyTurnsOfTheLargeModelOnTheOwnerIsTold() {
        String cap = "| opus_turns_per_day_cap | 12 |";
        assertThat(parse(GOOD.replace(cap, cap + "\n| opus_turns_per_day_alarm | 10 |"))
                        .budget()
                        .largeTurnsAlarm())
                .isEqualTo(10);
        assertThat(problems(GOOD.replace(cap, cap + "\n| opus_turns_per_day_alarm | 13 |")))
                .containsExactly(
                        "agent.md:37: found opus_turns_per_day_alarm above opus_turns_per_day_cap, expected the alarm at or below the cap");
    }

    @Test
    void shouldChooseFirstFittingRuleWhenPolicyHasSeveral() {
        ModelPolicy policy = parse(GOOD).models();

        assertThat(policy.choose(situation("ask", List.of(), "the contract")))
                .isEqualTo(new Choice(ModelClass.HAIKU, false));
        assertThat(policy.choose(situation("task", List.of("email.received"), "the Contract")))
                .isEqualTo(new Choice(ModelClass.OPUS, true));
        assertThat(policy.choose(situation("task", List.of("email.received"), "hello")))
                .isEqualTo(new Choice(ModelClass.SONNET, false));
    }

    private static Situation situation(String purpose, List<String> events, String text) {
        return new Situation(purpose, events, text, List.of(), "");
    }

    @Test
    void shouldChooseByWhatTheLastReplyCalledAndPlanned() {
        ModelPolicy policy = parse(GOOD.replace(
                        "| session ask | haiku | no |",
                        "| called file_write where path = outputs/* and mode = new | opus | yes |\n| plan 3 | opus | yes |\n"
                                + "| event beat.fired.chief_brief | opus | yes |"))
                .models();
        Choice opus = new Choice(ModelClass.OPUS, true);
        Choice sonnet = new Choice(ModelClass.SONNET, false);

        assertThat(policy.choose(after("file_write", Map.of("path", "outputs/briefs/a.md", "mode", "new"))))
                .isEqualTo(opus);
        assertThat(policy.choose(after("file_write", Map.of("path", "outputs/briefs/a.md"))))
                .isEqualTo(sonnet);
        assertThat(policy.choose(after("file_edit", Map.of("path", "outputs/briefs/a.md", "mode", "new"))))
                .isEqualTo(sonnet);
        assertThat(policy.choose(new Situation("task", List.of(), "", List.of(), "I will\n1. read\n2. ask\n3. draft")))
                .isEqualTo(opus);
        assertThat(policy.choose(new Situation("task", List.of(), "", List.of(), "1. read\n2. draft in 3. place")))
                .isEqualTo(sonnet);
        assertThat(policy.choose(situation("task", List.of("beat.fired", "beat.fired.chief_brief"), "")))
                .isEqualTo(opus);
    }

    private static Situation after(String tool, Map<String, String> arguments) {
        return new Situation("task", List.of(), "", List.of(new ModelPolicy.Call(tool, arguments)), "");
    }

    @Test
    void shouldGiveUpAnExpressionThatGoesBackAndForth() {
        ModelPolicy policy =
                parse(GOOD.replace("contract\\|proposal", "(a+)+b")).models();

        assertThat(policy.choose(situation("task", List.of(), "a".repeat(10_000))))
                .isEqualTo(new Choice(ModelClass.SONNET, false));
        assertThat(policy.choose(situation("task", List.of(), "aaab"))).isEqualTo(new Choice(ModelClass.OPUS, true));
    }

    @Test
    void shouldChangeVersionWhenAnyFileChanges() {
        Workspace one = parse(GOOD);
        Workspace same = parse(GOOD);
        Workspace other = parse("CLAUDE.md", PROMPT.replace("Do the work.", "Do it."));
        Workspace otherSubagent = parse("subagents/email-drafter.md", DRAFTER.replace("Draft it.", "Write it."));

        assertThat(one.version())
                .isEqualTo(same.version())
                .isNotEqualTo(other.version())
                .isNotEqualTo(otherSubagent.version());
        assertThat(one.systemPrompt()).isEqualTo(same.systemPrompt());
    }

    @Test
    void shouldNameFileLineAndExpectationWhenValuesAreWrong() {
        String wrong = GOOD.replace("| default | sonnet | no |", "| default | sonet | no |")
                .replace("| email.received | answerable = true |", "| Email Received | answerable = true |")
                .replace("| owner.dm | always |", "| owner.dm | now and then |")
                .replace("| daily_usd_soft | $2.50 |", "| daily_usd_soft | a little |")
                .replace("| reminders | 1 |", "| reminder | 1 |")
                .replace("- email-drafter — one reply", "- email-writer")
                .replace("- email_send", "- Email Send")
                .replace("(playbook.md)", "(plybook.md)");

        assertThat(problems(wrong))
                .containsExactly(
                        "agent.md:13: found \"sonet\" as a model, expected haiku, sonnet or opus",
                        "agent.md:8: found no default model, expected a row whose first cell is default",
                        "agent.md:18: found \"Email Received\" as an event, expected an event type such as"
                                + " email.received, or a pattern such as proposal.*",
                        "agent.md:20: found \"now\" as a condition, expected field = value, joined by \"and\", or \"always\"",
                        "agent.md:20: found \"then\" as a condition, expected field = value, joined by \"and\", or \"always\"",
                        "agent.md:24: found \"Email Send\", expected a tool's name: lower-case letters, digits, _ and -",
                        "agent.md:32: found \"a little\" for daily_usd_soft, expected an amount such as $2.50",
                        "agent.md:47: found a row \"reminder\", expected one of warm_window, identical_calls, reminders",
                        "agent.md:42: found no row reminders, expected a row | reminders | a whole number above 0, such"
                                + " as 200 000 |",
                        "agent.md:51: found a link to plybook.md, expected a markdown file of that name with text",
                        "agent.md:27: found a subagent email-writer, expected a file subagents/email-writer.md or"
                                + " _shared/subagents/email-writer.md");
    }

    @Test
    void shouldRefuseWhatStandsTwiceOrUnderAnotherName() {
        String wrong = GOOD.replace("company: Example Ltd", "company: Example Ltd\ncompany: Another\nmotto: Quality")
                .replace("| reminders | 1 |", "| reminders | 1 |\n| reminders | 2 |")
                .replace("## Prompt", "## Budjet\n\n## Tools\n- hq_describe\n\n## Prompt");

        assertThat(problems(wrong.replace("## Budjet\n\n", "").replace("motto: Quality\n", "")))
                .containsExactly(
                        "agent.md:5: found company a second time, expected each key of the frontmatter once",
                        "agent.md:51: found a second section \"Tools\", expected each section once");
        assertThat(problems(wrong))
                .contains(
                        "agent.md:6: found \"motto\" in the frontmatter, expected one of name, description, company",
                        "agent.md:52: found a section \"Budjet\", expected one of Model policy, Triggers, Tools, Subagents"
                                + " allowed, Budget, Permissions, Session lifecycle, Prompt");
        assertThat(problems(GOOD.replace("| reminders | 1 |", "| reminders | 1 |\n| reminders | 2 |")))
                .containsExactly("agent.md:48: found reminders a second time, expected each row once");
    }

    @Test
    void shouldReadSubagentsAndGiveThemNoMoreThanTheirAgentHas() {
        String shared = DRAFTER.replace("- hq_search", "- hq_search\n- shell");
        Map<String, String> files = files(GOOD);
        files.remove("subagents/email-drafter.md");
        files.put("_shared/subagents/email-drafter.md", shared);

        assertThat(parse(files).subagents())
                .containsExactly(new Subagent(
                        "email-drafter",
                        "Drafts one reply.",
                        ModelClass.SONNET,
                        List.of("hq_search"),
                        new Subagent.Bounds(8, 40_000),
                        false,
                        "# What all hold to\n\n# You are email-drafter\n\nDraft it.\n"));
        assertThat(problems("subagents/email-drafter.md", shared))
                .containsExactly("subagents/email-drafter.md:8: found shell, which its agent does not have, expected a"
                        + " tool of its agent");
        assertThat(parse("subagents/email-drafter.md", shared.replace("model: sonnet", "model: sonnet\nkind: project"))
                        .subagents())
                .singleElement()
                .satisfies(project -> assertThat(project.tools()).containsExactly("hq_search", "shell"));
    }

    @Test
    void shouldNameFileAndLineWhenASubagentIsWrong() {
        String wrong = DRAFTER.replace("name: email-drafter", "name: drafter")
                .replace("model: sonnet", "model: large\nkind: helper")
                .replace("| max_turns | 8 |", "| max_turns | many |");

        assertThat(problems("subagents/email-drafter.md", wrong))
                .containsExactly(
                        "subagents/email-drafter.md:2: found name: drafter, expected name: email-drafter",
                        "subagents/email-drafter.md:4: found model: large, expected haiku, sonnet or opus",
                        "subagents/email-drafter.md:5: found kind: helper, expected kind: project, or no kind",
                        "subagents/email-drafter.md:13: found \"many\" for max_turns, expected a whole number above 0, such"
                                + " as 200 000");
    }

    @Test
    void shouldNameMissingSectionsAndFieldsWhenFileIsAlmostEmpty() {
        assertThat(problems("---\nname: operator\ncompany\n---\n## Tools\n- hq_search\n"))
                .contains(
                        "agent.md:2: found name: operator, expected name: chief",
                        "agent.md:3: found \"company\" in the frontmatter, expected key: value",
                        "agent.md:1: found no description in the frontmatter, expected description: text",
                        "agent.md: found no section \"Budget\", expected a heading ## Budget")
                .doesNotContain("agent.md: found no section \"Tools\", expected a heading ## Tools");
    }

    @Test
    void shouldReadTriggersThatNameASubject() {
        String mapped = GOOD.replace("| owner.dm | always |", "| task.assigned_to.project:* | always |");
        assertThat(parse(mapped).triggers()).contains(new Trigger("task.assigned_to.project:*", Map.of()));

        assertThat(problems(GOOD.replace("| owner.dm | always |", "| task.*.project | always |")))
                .singleElement()
                .asString()
                .startsWith("agent.md:20: found \"task.*.project\" as an event, expected");
    }

    @Test
    void shouldSayWhichFileIsLargerThanItsCap() {
        assertThat(TokenCaps.exceeded(parse(GOOD))).isEmpty();

        assertThat(TokenCaps.exceeded(
                        parse("CLAUDE.md", PROMPT.replace("Do the work.", "Do the work. ".repeat(1_000)))))
                .singleElement()
                .asString()
                .matches("CLAUDE.md has \\d+ tokens, its cap is 1800");
        assertThat(TokenCaps.exceeded(
                        parse("subagents/email-drafter.md", DRAFTER.replace("Draft it.", "Draft it. ".repeat(300)))))
                .singleElement()
                .asString()
                .matches("subagents/email-drafter.md has \\d+ tokens, its cap is 700");
    }

    @Test
    void shouldRefusePromptWhenItDoesNotSayHowToEnd() {
        assertThat(problems("CLAUDE.md", "# You are chief\nDo the work.\n"))
                .singleElement()
                .asString()
                .startsWith("agent.md:49: found a prompt without the sentinel");
    }

    @Test
    void shouldRefuseSoftCapWhenItIsAboveTheHardOne() {
        assertThat(problems(GOOD.replace("$2.50", "$9.00")))
                .containsExactly("agent.md:32: found daily_usd_soft above daily_usd_hard, expected the soft cap at or"
                        + " below the hard one");
    }

    @Test
    void shouldSayWhatIsMissingWhenThereIsNoFileAtAll() {
        WorkspaceException e = catchThrowableOfType(
                WorkspaceException.class, () -> WorkspaceParser.parse("chief", name -> Optional.empty()));

        assertThat(e).hasMessageContaining("agent.md: found no such file, expected the agent's definition");
    }
}
