package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspaceBudgetsTest {

    @Test
    void shouldEnforceWhatTheReviewedWorkspacesSay() throws IOException {
        Map<String, BigDecimal> caps = new WorkspaceBudgets().hardCaps();

        assertThat(caps).containsOnlyKeys("chief", "operator");
        for (String role : WorkspaceBudgets.ROLES) {
            Matcher row = Pattern.compile("daily_usd_hard \\| \\$([0-9.]+)")
                    .matcher(Files.readString(Path.of("../agent-" + role + "/workspace/agent.md")));
            assertThat(row.find()).isTrue();
            assertThat(caps.get(role)).isEqualByComparingTo(row.group(1));
        }
    }

    @Test
    void shouldReadTheHardCapOfTheBudgetSectionOnly() {
        assertThat(WorkspaceBudgets.hardCap("x", """
                        ## Tools

                        | daily_usd_hard | $900.00 |

                        ## Budget

                        | Control | Value |
                        |---|---|
                        | daily_usd_soft | $2.50 |
                        | daily_usd_hard | $7.25 |

                        ## Prompt

                        | daily_usd_hard | $800.00 |
                        """)).isEqualByComparingTo("7.25");
    }

    @Test
    void shouldReadTheSoftCapWhereThereIsOne() {
        assertThat(WorkspaceBudgets.softCap("## Budget\n\n| daily_usd_soft | $2.50 |\n| daily_usd_hard | $7.00 |\n"))
                .hasValueSatisfying(cap -> assertThat(cap).isEqualByComparingTo("2.50"));
        assertThat(WorkspaceBudgets.softCap("## Budget\n\n| daily_usd_hard | $7.00 |\n"))
                .isEmpty();
        assertThat(new WorkspaceBudgets().softCaps()).containsOnlyKeys("chief", "operator");
    }

    @Test
    void shouldReadWhatBoundsCallsBesideMoney() {
        assertThat(WorkspaceBudgets.callLimits("x", """
                        ## Budget

                        | daily_usd_hard | $7.25 |
                        | tokens_per_run_cap | 200 000 |
                        | max_turns_per_query | 30 |
                        | opus_turns_per_day_cap | 12 |
                        | opus_turns_per_day_alarm | 9 |
                        """)).isEqualTo(new CallLimits(200_000, 30, 12, 9));
        assertThat(new WorkspaceBudgets().callLimits())
                .containsEntry("chief", new CallLimits(200_000, 30, 12, 10))
                .containsEntry("operator", new CallLimits(250_000, 50, 18, 14));
        assertThatThrownBy(() -> WorkspaceBudgets.callLimits("x", "## Budget\n\n| tokens_per_run_cap | many |\n"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tokens_per_run_cap");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "| daily_usd_hard | $7.00 |",
                "## Budget\n\n| daily_usd_soft | $7.00 |\n",
                "## Budget\n\n| daily_usd_hard | no limit |\n",
                "## Budget\n\n| daily_usd_hard | $-7 |\n",
                "## Budget\n\n| daily_usd_hard | $7.00 |\n| daily_usd_hard | $70.00 |\n",
                "## Budget\n\n| daily_usd_hard | $7.00 |\n\n## Budget\n\n| daily_usd_hard | $70.00 |\n"
            })
    void shouldStopTheStartWhenAWorkspaceNamesNoCapOrSeveral(String workspace) {
        assertThatThrownBy(() -> WorkspaceBudgets.hardCap("chief", workspace))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("chief", "daily_usd_hard");
    }
}
