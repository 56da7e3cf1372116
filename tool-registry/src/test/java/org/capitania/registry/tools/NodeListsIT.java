package org.capitania.registry.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the tools whose file says how their arguments become nodes list, as far as it is what was asked. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class NodeListsIT extends OwnerCalls {
    private NodeView entity;
    private Fleet.Run run;

    @BeforeEach
    void wake() {
        Fleet.curate("operator", "hq_task", "hq_entity");
        entity = graph.add("entity", "entity:padaria-" + UUID.randomUUID(), Map.of("name", "Padaria"));
        run = Fleet.wake("operator");
    }

    @Test
    void shouldListWhatIsNotOverWhenNoStatusIsGiven() {
        String promise = made(
                "hq_expectation",
                Map.of(
                        "action",
                        "create",
                        "kind",
                        "commitment_made",
                        "direction",
                        "we_owe",
                        "description",
                        "The list",
                        "about",
                        List.of(entity.id())));
        String task = made("hq_task", Map.of("action", "create", "title", "Bake", "about", List.of(entity.id())));
        done(owner("hq_expectation", Map.of("action", "update", "ref", promise, "status", "overdue")));
        done(owner("hq_task", Map.of("action", "update", "ref", task, "status", "in_progress")));

        for (String tool : List.of("hq_expectation", "hq_task")) {
            String id = tool.equals("hq_task") ? task : promise;
            assertThat(items(owner(tool, Map.of("action", "list"))).findValuesAsText("id"))
                    .contains(id);
            assertThat(items(owner(tool, Map.of("action", "list", "about", List.of(entity.id()))))
                            .findValuesAsText("id"))
                    .containsExactly(id);
            assertThat(items(owner(tool, Map.of("action", "list", "status", "open")))
                            .findValuesAsText("id"))
                    .doesNotContain(id);
        }
        done(owner("hq_expectation", Map.of("action", "resolve", "ref", promise)));
        assertThat(items(owner("hq_expectation", Map.of("action", "list"))).findValuesAsText("id"))
                .doesNotContain(promise);
    }

    @Test
    void shouldListWhatSomebodyHasToDoAsFarAsItIsWhatElseWasAsked() {
        graph.add("producer", "hq:agent:chief", Map.of("name", "chief", "kind", "agent_session"));
        String dev =
                made("hq_task", Map.of("action", "create", "title", "Call Rita", "driver", "chief", "kind", "dev"));
        String ops = made("hq_task", Map.of("action", "create", "title", "Call Rui", "driver", "chief", "kind", "ops"));
        made("hq_task", Map.of("action", "create", "title", "Call nobody", "kind", "dev"));

        assertThat(items(owner("hq_task", Map.of("action", "list", "driver", "chief")))
                        .findValuesAsText("id"))
                .containsExactlyInAnyOrder(dev, ops);
        assertThat(items(owner("hq_task", Map.of("action", "list", "driver", "chief", "kind", "dev")))
                        .findValuesAsText("id"))
                .containsExactly(dev);
        assertThat(items(owner("hq_task", Map.of("action", "list", "driver", "chief", "query", "RUI")))
                        .findValuesAsText("id"))
                .containsExactly(ops);
        assertThat(items(owner("hq_task", Map.of("action", "list", "driver", "chief", "priority", "focus"))))
                .isEmpty();
        assertThat(items(owner("hq_task", Map.of("action", "list", "driver", "somebody"))))
                .as("who has no node yet has nothing to do")
                .isEmpty();
        assertThat(owner("hq_task", Map.of("action", "list", "driver", "contact:nobody"))
                        .error()
                        .code())
                .isEqualTo("not_found");
    }

    @Test
    void shouldListWhatIsLinkedToAllThatWasNamed() {
        graph.add("producer", "hq:agent:chief", Map.of("name", "chief", "kind", "agent_session"));
        NodeView other = graph.add("entity", "entity:other-" + UUID.randomUUID(), Map.of("name", "Other"));
        String both = made(
                "hq_task",
                Map.of(
                        "action",
                        "create",
                        "title",
                        "For both",
                        "driver",
                        "chief",
                        "about",
                        List.of(entity.id(), other.id())));
        String one = made(
                "hq_task",
                Map.of("action", "create", "title", "For one", "driver", "chief", "about", List.of(entity.id())));
        made("hq_task", Map.of("action", "create", "title", "For nobody", "about", List.of(entity.id())));

        assertThat(tasks(Map.of("driver", "chief", "about", List.of(entity.id()))))
                .containsExactlyInAnyOrder(both, one);
        assertThat(tasks(Map.of("about", List.of(entity.id(), other.id())))).containsExactly(both);
        assertThat(tasks(Map.of("driver", "chief", "about", List.of(other.id()), "status", "done")))
                .isEmpty();
        // And: what was begun is not finished
        done(owner("hq_task", Map.of("action", "update", "ref", one, "status", "in_progress")));
        assertThat(tasks(Map.of("driver", "chief"))).containsExactlyInAnyOrder(both, one);
        assertThat(tasks(Map.of())).contains(both, one);
        assertThat(tasks(Map.of("status", "open"))).contains(both).doesNotContain(one);
        String promise = made(
                "hq_expectation",
                Map.of("action", "create", "kind", "sla", "direction", "we_owe", "description", "An answer"));
        done(owner("hq_expectation", Map.of("action", "update", "ref", promise, "status", "overdue")));
        assertThat(items(owner("hq_expectation", Map.of("action", "list"))).findValuesAsText("id"))
                .contains(promise);
    }

    private static List<String> tasks(Map<String, Object> filter) {
        Map<String, Object> arguments = new HashMap<>(filter);
        arguments.put("action", "list");
        return items(owner("hq_task", arguments)).findValuesAsText("id");
    }
}
