package org.capitania.registry.risk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.Json;
import org.capitania.registry.handler.TextChange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a text sets counts, and not how the change of it is spelled. */
class SpellingsTest {
    private static final String TEXT = """
            ---
            name: chief
            canary: 0.1
            ---
            # chief

            ## Budget

            | Control | Value |
            |---|---|
            | daily_usd_hard | $7.00 |

            ## Permissions

            - scope: read
            - Never: mail

            ## Prompt

            Work.
            Below a confidence of 0.7 ask. Never guess.

            ```yaml
            model_policy: {default: haiku, contract: opus}
            ```
            """;

    private final RiskList list = new RiskList();

    private record Becomes(TextChange change) implements Facts {
        @Override
        public long number(String name) {
            return 0;
        }

        @Override
        public Set<String> texts(String name) {
            return Set.of();
        }

        @Override
        public Optional<TextChange> text() {
            return Optional.of(change);
        }
    }

    /** Each is a text that stands there, and what is put in its place. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "$7.00 => $700.00",
                "| daily_usd_hard | $7.00 |\n => <!--\n| daily_usd_hard | $7.00 |\n-->\n",
                "| daily_usd_hard | => | <!-- daily_usd_hard -->x |",
                "|---|---|\n => |---|---|\n| daily_usd_hard | $700.00 |\n",
                "|---|---|\n => |---|---|\n| daily\\_usd&#95;hard | $700.00 |\n",
                "|---|---|\n => |---|---|\n| **daily**_usd_hard | $700.00 |\n",
                "- Never: mail\n\n## Prompt\n\nWork.\n => \n## Prompt\n\n- Never: mail\n\nWork.\n",
                "- Never: mail =>     - Never: mail",
                "- Never: mail => > - Never: mail",
                "- scope: read\n- Never: mail => - Never: mail\n- scope: read",
                "## Permissions => ## Notes",
                "## Permissions => ```\n## Permissions",
                "Never guess.\n => Never guess.\n\nBudget\n---\n\n| daily_usd_hard | $9 |\n|---|---|\n",
                "Never guess. => Never guess. {\"daily\\u005fusd_hard\": 900}",
            })
    void shouldSeeThatABudgetOrAPermissionChanges(String edit) {
        assertThat(hits(edit)).contains("own_budget");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canary: 0.1 => canary: 0.9",
                "canary: 0.1 => \"canary\": 0.9",
                "canary: 0.1 => canary:\n  0.9",
                "canary: 0.1 => canary: >-\n\n  0.9",
                "canary: 0.1 => # canary: 0.1",
                "canary: 0.1 => canary: 0.1\ncanary: 1.0",
                "canary: 0.1 => canary: 0.1\n\"c\\x61nary\": 1.0",
                "canary: 0.1\n---\n => ---\ncanary: 0.1\n",
                "default: haiku => default: opus",
                "{default: haiku, contract: opus} => \n  default: haiku\n  contract: haiku",
                "{default: haiku, contract: opus} => \n# haiku\n\n\n  default: haiku\n  contract: haiku",
                "contract: opus} => contract: opus}\n? test_fraction\n: 1",
                "# chief => ## Model policy\n\n| default | opus |\n|---|---|\n\n# chief",
                "# chief => # chief\n\n{a: 1, confidence_threshold: 0.1}",
            })
    void shouldSeeThatAnotherModelIsAsked(String edit) {
        assertThat(hits(edit)).contains("model_routing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Below a confidence of 0.7 ask. => <!-- Below a confidence of 0.7 ask. -->",
                "Below a confidence => Below a <!-- --> confidence",
                "Work. => <!-- Work.",
                "Work.\n => Work. <!--\n",
                "Work.\nBelow a confidence of 0.7 ask. => Work. <!--\nBelow a confidence of 0.7 ask.\n-->",
                "Work.\n => Work. <span hidden>\n",
                "Work. => <div hidden>\n\nWork.",
                "Work. => ```\nWork.",
                "Work.\nBelow a confidence of 0.7 ask. Never guess. => [x]: y (Below a confidence of 0.7 ask. Never guess.)",
                "Below a => Never mind: below a",
                "0.7 => 0.1",
                "## Prompt => ## Prompt\n\n### What others do",
            })
    void shouldSeeThatTheThresholdIsLost(String edit) {
        assertThat(hits(edit)).contains("confidence_gate_removed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Work. => Work well.",
                "Never guess.\n => Never guess.\n\nBe kind. <!-- a note -->\n",
                "confidence of 0.7 => confidence of\n0.7",
                "## Permissions => Permissions\n-----------",
                "\n => \r\n",
                "\n => \r",
                "name: chief => name: \"chief\"",
            })
    void shouldLetPassWhatChangesNeither(String edit) {
        assertThat(hits(edit)).isEmpty();
    }

    @Test
    void shouldSeeWhatStandsElsewhereInAFileOfSettings() {
        assertThat(hits(
                        "x: &a haiku\n\n\n\nmodel_policy: {default: *a}\n",
                        "x: &a opus\n\n\n\nmodel_policy: {default: *a}\n"))
                .contains("model_routing");
        assertThat(hits("{\n\t\"a\": 1\n}", "{\n\t\"a\": 1,\n\t\"model\\u005fpolicy\": \"opus\"\n}"))
                .contains("model_routing");
        assertThat(hits("a: 1\n", "a: 1\nb: [\nmodel_policy: opus\n")).contains("model_routing");
        assertThat(hits("a: 1\n", "a: 2\nb: {c: [1, 2]}\n")).isEmpty();
    }

    @Test
    void shouldReadNoMoreThanAnybodyWouldAndAskThen() {
        String deep = "> ".repeat(5000) + "Work.";
        assertThat(hits(deep, deep + " max_turns: 9")).contains("own_budget");
        assertThat(hits(deep, deep + " Rest.")).isEmpty();
        String bomb = "a: &a [1, 1]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n".repeat(40);
        assertThat(hits(bomb, bomb + "max_turns: 9\n")).contains("own_budget");
        String huge = "word ".repeat(60_000);
        assertThat(hits(huge + "max_turns: 5", huge + "max_turns: 9")).contains("own_budget");
        assertThat(hits(huge + "a", huge + "b")).isEmpty();
    }

    private List<String> hits(String edit) {
        String[] parts = edit.split(" => ", 2);
        assertThat(TEXT).contains(parts[0]);
        return hits(TEXT, TEXT.replace(parts[0], parts[1]));
    }

    private List<String> hits(String before, String after) {
        return list
                .hits(
                        "file_write",
                        "file_write",
                        true,
                        Json.MAPPER.createObjectNode().put("path", "wiki/prompt.md"),
                        new Becomes(new TextChange(before, after)))
                .stream()
                .map(RiskList.Hit::line)
                .toList();
    }
}
