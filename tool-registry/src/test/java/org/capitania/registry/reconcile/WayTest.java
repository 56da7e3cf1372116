package org.capitania.registry.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.capitania.contract.api.Duplicates.Pair;
import org.capitania.contract.api.NodeView.Brief;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WayTest {
    private static final ReconcileConfig LIMITS = new ReconcileConfig() {
        @Override
        public double lower() {
            return 0.4;
        }

        @Override
        public double upper() {
            return 0.8;
        }

        @Override
        public double sure() {
            return 0.9;
        }
    };

    @ParameterizedTest(name = "{0} {1} person={2} model={3} {4} at {5}: {6}")
    @CsvSource({
        // by rule
        "0.39, '',     ,          ,          ,     ,     NOTHING",
        "0.40, '',     ,          ,          ,     ,     JUDGE",
        "0.79, '',     ,          ,          ,     ,     JUDGE",
        "0.80, '',     ,          ,          ,     ,     PROPOSE",
        // by a model
        "0.60, '',     ,          same,      0.90, 0.60, PROPOSE",
        "0.60, '',     ,          same,      0.89, 0.60, ASK",
        "0.60, tax_id, ,          same,      1.00, 0.60, ASK",
        "0.60, '',     ,          different, 0.90, 0.60, NOTHING",
        "0.60, '',     ,          different, 0.89, 0.60, ASK",
        "0.60, '',     ,          unsure,    1.00, 0.60, ASK",
        "0.60, '',     ,          different, 1.00, 0.50, JUDGE",
        "0.80, '',     ,          different, 1.00, 0.80, PROPOSE",
        "0.39, '',     ,          same,      1.00, 0.39, NOTHING",
        // by a person
        "0.39, '',     same,      different, 1.00, 0.39, PROPOSE",
        "0.95, '',     different, same,      1.00, 0.95, NOTHING",
        "0.95, '',     dismissed, ,          ,     ,     NOTHING"
    })
    void shouldGoByAPersonThenByRuleThenByAModel(
            double score, String contradicts, String answer, String says, Double confidence, Double at, Way way) {
        Brief one = new Brief("1", "entity-a", "entity", "A");
        Brief other = new Brief("2", "entity-b", "entity", "B");
        Pair pair = new Pair(one, other, score, List.of(), contradicts.isEmpty() ? List.of() : List.of(contradicts));
        Verdict verdict = says == null ? null : new Verdict(says, confidence, "Why.", at);

        assertThat(Way.of(pair, answer, verdict, LIMITS)).isEqualTo(way);
    }
}
