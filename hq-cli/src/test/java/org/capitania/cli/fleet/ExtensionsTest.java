package org.capitania.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.capitania.cli.fleet.Doctor.Grade;
import org.junit.jupiter.api.Test;

class ExtensionsTest {
    private static final Map<String, String> NEEDED =
            Map.of("vector", "0.8.0", "pg_trgm", "1.6", "btree_gin", "1.3", "unaccent", "1.1", "pgcrypto", "1.3");

    @Test
    void shouldBeWellWhenOnlyTheOptionalOnesAreMissing() {
        Doctor.Finding finding = Extensions.finding(NEEDED);

        assertThat(finding.grade()).isEqualTo(Grade.GOOD);
        assertThat(finding.seen())
                .contains("vector 0.8.0")
                .contains("not here: age (for hq cypher), pg_stat_statements");
        assertThat(finding.mend()).isEmpty();
    }

    @Test
    void shouldNameWhatIsThereWhenTheServerHasIt() {
        Map<String, String> there = new HashMap<>(NEEDED);
        there.put("age", "1.5.0");
        there.put("auto_explain", "");
        there.put("pg_search", "0.15");

        String seen = Extensions.finding(there).seen();

        assertThat(seen).contains("age 1.5.0, auto_explain, pg_search 0.15; optional, not here: pg_stat_statements");
    }

    @Test
    void shouldBeIllWhenOneThatIsNeededIsMissing() {
        Map<String, String> there = new HashMap<>(NEEDED);
        there.remove("vector");

        assertThat(Extensions.finding(there).grade()).isEqualTo(Grade.BAD);
        assertThat(Extensions.finding(there).seen()).contains("lacks vector");
    }
}
