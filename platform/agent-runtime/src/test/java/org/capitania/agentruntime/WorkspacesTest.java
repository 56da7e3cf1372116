package org.capitania.agentruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.capitania.agentruntime.workspace.WorkspaceException;
import org.capitania.agentruntime.workspace.WorkspaceFiles;
import org.capitania.contract.CapitaniaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chief's own workspace, with files of a folder before it. */
class WorkspacesTest {
    private static final Path CHIEF = Path.of("../../agent-chief/workspace");
    private static final WorkspaceFiles BUILT_IN =
            WorkspaceFiles.inFolder(CHIEF, WorkspaceFiles.inFolder(Path.of("workspace"), name -> Optional.empty()));

    @TempDir
    private Path folder;

    private Workspaces workspaces() {
        return new Workspaces("chief", BUILT_IN, Optional.of(folder), List.of("main", "other"));
    }

    private void write(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String settings() {
        try {
            return Files.readString(CHIEF.resolve("agent.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldTakeUpAChangeOnceItHoldsStill() {
        Workspaces workspaces = workspaces();
        String before = workspaces.of("main").version();

        write("playbook.md", "# Another playbook");
        workspaces.look();
        assertThat(workspaces.of("main").version()).isEqualTo(before);
        write("playbook.md", "# Another playbook\nwith a second line");
        workspaces.look();
        assertThat(workspaces.of("main").version()).isEqualTo(before);
        workspaces.look();

        assertThat(workspaces.of("main").systemPrompt()).contains("with a second line");
        assertThat(workspaces.of("main").version()).isNotEqualTo(before);
    }

    @Test
    void shouldKeepTheLastGoodWorkspaceWhenAChangeIsWrong() {
        Workspaces workspaces = workspaces();
        var before = workspaces.of("main");

        write("agent.md", settings().replace("| daily_usd_hard | $7.00 |", "| daily_usd_hard | a lot |"));
        workspaces.look();
        workspaces.look();

        assertThat(workspaces.of("main")).isSameAs(before);
        assertThat(workspaces.problems("main"))
                .singleElement()
                .asString()
                .matches("agent.md:\\d+: found \"a lot\" for daily_usd_hard, expected an amount such as \\$2.50");

        write("agent.md", settings().replace("| daily_usd_hard | $7.00 |", "| daily_usd_hard | $8.00 |"));
        workspaces.look();
        workspaces.look();

        assertThat(workspaces.problems("main")).isEmpty();
        assertThat(workspaces.of("main").budget().dailyUsdHard()).isEqualByComparingTo("8");
    }

    @Test
    void shouldReadTheTenantsOwnFilesBeforeThoseOfAll() {
        write("agent.md", settings().replace("company: Maré Alta Books", "company: Everybody"));
        write("other/agent.md", settings().replace("company: Maré Alta Books", "company: The Other Shop"));

        Workspaces workspaces = workspaces();

        assertThat(workspaces.of("main").company()).isEqualTo("Everybody");
        assertThat(workspaces.of("other").company()).isEqualTo("The Other Shop");
        assertThatThrownBy(() -> workspaces.of("third")).isInstanceOf(CapitaniaException.class);
    }

    @Test
    void shouldNotStartWhenTheFilesOfOneTenantAreWrong() {
        write("other/agent.md", settings().replace("name: chief", "name: operator"));

        assertThatThrownBy(this::workspaces)
                .isInstanceOf(WorkspaceException.class)
                .hasMessageContaining("agent.md:2: found name: operator, expected name: chief");
    }
}
