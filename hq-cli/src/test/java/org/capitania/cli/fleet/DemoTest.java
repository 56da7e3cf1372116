package org.capitania.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationOp;
import org.junit.jupiter.api.Test;

class DemoTest {
    @Test
    void shouldBeABatchWhoseLinksAllHaveTheirEnds() {
        JsonNode ops = Demo.ops(LocalDate.of(2026, 1, 31));
        MutationBatch batch = Json.read("{\"ops\":" + ops + "}", MutationBatch.class);

        Set<String> refs = new HashSet<>();
        for (MutationOp op : batch.ops()) {
            if (op instanceof MutationOp.Create create) {
                assertThat(refs.add("@" + create.ref())).isTrue();
                assertThat(create.ifAbsent())
                        .as("a second load changes nothing")
                        .isTrue();
            }
        }
        for (MutationOp op : batch.ops()) {
            if (op instanceof MutationOp.Link link) {
                assertThat(refs).contains(link.from(), link.to());
            }
        }
        assertThat(ops.toString()).doesNotContain("${").contains("2026-02-12");
    }

    /** Loading it must not cost a run of an agent: whoever drives its work is one of its people. */
    @Test
    void shouldGiveNoWorkToAnAgent() {
        MutationBatch batch = Json.read("{\"ops\":" + Demo.ops(LocalDate.of(2026, 1, 31)) + "}", MutationBatch.class);

        Set<String> people = new HashSet<>();
        for (MutationOp op : batch.ops()) {
            if (op instanceof MutationOp.Create create && create.type().equals("contact")) {
                people.add("@" + create.ref());
            }
        }
        assertThat(batch.ops())
                .filteredOn(
                        op -> op instanceof MutationOp.Link link && link.type().equals("driven_by"))
                .isNotEmpty()
                .allSatisfy(op -> assertThat(people).contains(((MutationOp.Link) op).to()));
        assertThat(batch.events()).isNullOrEmpty();
    }
}
