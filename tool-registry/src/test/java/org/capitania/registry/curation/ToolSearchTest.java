package org.capitania.registry.curation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of a task find the tool that does it, among everything there is. */
class ToolSearchTest {
    private final Catalogue catalogue = Catalogue.load();

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            write a file; file_write
            replace text in a file; file_edit
            run a command; shell
            what did we promise the customer; hq_expectation
            answer a mail; email_send
            read a web page; web_fetch
            show me that proposal; hq_proposal
            emergency stop; hq_autonomy
            deals by stage; pipeline_view
            hq_memory; hq_memory
            """)
    void shouldNameTheToolWhenTheTaskIsSaidInWords(String query, String tool) {
        assertThat(named(query)).contains(tool);
    }

    @Test
    void shouldNameTheToolFirstWhenItIsCalledByItsName() {
        assertThat(named("graph_traverse").getFirst()).isEqualTo("graph_traverse");
    }

    @Test
    void shouldNameAtMostFiveAndNoneThatHasNothingToDoWithIt() {
        assertThat(named("the company's customers, projects, mails and files")).hasSize(ToolSearch.FOUND);
        assertThat(named("zzz qqq")).isEmpty();
    }

    private List<String> named(String query) {
        return ToolSearch.best(catalogue.all(), query).stream()
                .map(ToolDefinition::name)
                .toList();
    }
}
