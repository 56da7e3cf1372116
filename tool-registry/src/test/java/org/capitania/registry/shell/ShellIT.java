package org.capitania.registry.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.files.FileRoom;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands through the gateway: what is run, for whom, and what never comes back. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class ShellIT {
    @Inject
    FileRoom room;

    private final String directory = "wiki/" + UUID.randomUUID();
    private FakePeers peers;
    private Path onDisk;

    @BeforeEach
    void playPeers() throws IOException {
        peers = FakePeers.listen();
        new FakeGraph(peers);
        Fleet.curate("operator", "shell", "file_read");
        Fleet.curate("chief", "shell");
        onDisk = Files.createDirectories(room.directory("main").resolve(directory));
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldRunWhatTheRoleRunsAndTaintTheTask() throws IOException {
        Files.writeString(onDisk.resolve("a.md"), "one\ntwo $(id) `id` ; rm -rf /\n");
        Fleet.Run operator = Fleet.wake("operator");
        ToolResult found = run(operator, "grep", "-n", "$(id)", "a.md");
        assertThat(found.status()).as("%s", found).isEqualTo(CallStatus.DONE);
        assertThat(found.data().path("stdout").asText()).startsWith("2:two $(id)");
        assertThat(found.data().path("exit_code").asInt()).isZero();
        assertThat(found.data().path("tainted").asBoolean()).isTrue();
        assertThat(run(operator, "find", ".", "-name", "*.md")
                        .data()
                        .path("stdout")
                        .asText())
                .contains("./a.md");
        // git looks for nothing above the company's files
        assertThat(run(operator, "git", "log", "--oneline", "-3")
                        .data()
                        .path("exit_code")
                        .asInt())
                .isEqualTo(128);
        assertThat(code(run(Fleet.wake("chief"), "ls"))).isIn("not_granted", "cross_scope_violation");
    }

    @Test
    void shouldRefuseEveryOtherWayToSayIt() throws IOException {
        Files.createSymbolicLink(onDisk.resolve("link"), Path.of("/etc"));
        Fleet.Run operator = Fleet.wake("operator");
        for (List<String> argv : List.of(
                List.of("sh", "-c", "id"),
                List.of("/bin/ls"),
                List.of("ls", "/etc"),
                List.of("ls", ".."),
                List.of("ls", "link"),
                List.of("head", "link/passwd"),
                List.of("find", ".", "-exec", "id", ";"),
                List.of("find", ".", "-delete"),
                List.of("find", "-L", "."),
                List.of("find", ".", "-fprint", "x"),
                List.of("sort", "-o", "x", "a.md"),
                List.of("sort", "--compress-program=id", "a.md"),
                List.of("tail", "-f", "a.md"),
                List.of("grep", "-f", "/etc/passwd", "a.md"),
                List.of("grep", "-R", "x", "."),
                List.of("git", "push", "--force"),
                List.of("git", "-c", "core.pager=id", "log"),
                List.of("git", "log", "--output=x"),
                List.of("git", "diff", "--ext-diff"),
                List.of("git", "show", "HEAD:.env"),
                List.of("git", "grep", "-O", "x"),
                List.of("git"))) {
            ToolResult result = operator.call("shell", Map.of("argv", argv, "directory", directory));
            assertThat(result.status()).as("%s", argv).isIn(CallStatus.REFUSED, CallStatus.PROPOSED);
            assertThat(result.ok() && result.status() == CallStatus.DONE).isFalse();
        }
        for (String elsewhere : List.of("/etc", "..", "wiki/../..", ".", "wiki/.git", "private")) {
            ToolResult result = operator.call("shell", Map.of("argv", List.of("ls"), "directory", elsewhere));
            assertThat(result.status()).as(elsewhere).isIn(CallStatus.REFUSED, CallStatus.FAILED);
        }
    }

    @Test
    void shouldPassOverWhatIsHiddenOrLinked() throws IOException {
        // Given: what a person may well have among the files
        Files.writeString(onDisk.resolve(".env"), "plan: hidden\n");
        Files.writeString(Files.createDirectories(onDisk.resolve("a/.private")).resolve("x.md"), "plan: hidden\n");
        Files.writeString(onDisk.resolve("a/plan.md"), "plan: seen\n");
        Files.createDirectories(onDisk.resolve("b"));
        Path elsewhere = Files.writeString(Files.createTempFile("elsewhere", ".md"), "plan: linked\n");
        Files.createSymbolicLink(onDisk.resolve("a/link.md"), elsewhere);
        Files.writeString(onDisk.resolve("b/link.md"), "plan: other\n");
        Fleet.Run operator = Fleet.wake("operator");
        // When
        String grep = out(run(operator, "grep", "-rn", "plan", "."));
        String named = out(run(operator, "grep", "-rn", "--include=.e*", "--include=*.md", "plan", "."));
        String find = out(run(operator, "find", "."));
        String diff = out(run(operator, "diff", "-rN", "a", "b"));
        String git = out(run(operator, "git", "diff", "a", "b"));
        // Then
        assertThat(git).isEmpty();
        assertThat(grep).contains("a/plan.md").doesNotContain("hidden", "linked");
        assertThat(named).contains("a/plan.md").doesNotContain("hidden", "linked");
        assertThat(find).contains("a/plan.md").doesNotContain(".env", ".private", "a/link.md");
        assertThat(diff).contains("plan: seen").doesNotContain("hidden", "linked");
    }

    @Test
    void shouldPassOverWhatIsHiddenInARepositoryToo() throws Exception {
        // Given
        Path there = Files.createDirectories(onDisk.resolve("a/.private"));
        Files.writeString(there.resolve("x.md"), "plan: hidden\n");
        Files.writeString(onDisk.resolve("a/plan.md"), "plan: old\n");
        git("init", "-q");
        git("add", "-A");
        git("-c", "user.email=a@b.example", "-c", "user.name=a", "commit", "-qm", "first");
        Files.writeString(there.resolve("x.md"), "plan: still hidden\n");
        Files.writeString(onDisk.resolve("a/plan.md"), "plan: seen\n");
        Fleet.Run operator = Fleet.wake("operator");
        for (List<String> argv : List.of(
                List.of("git", "diff"),
                List.of("git", "diff", "a"),
                List.of("git", "show", "HEAD"),
                List.of("git", "status", "--short"),
                List.of("git", "log", "--stat"))) {
            // When
            ToolResult result = run(operator, argv.toArray(String[]::new));
            // Then
            assertThat(out(result))
                    .as("%s: %s", argv, result)
                    .contains("plan.md")
                    .doesNotContain("hidden", "x.md");
        }
        assertThat(run(operator, "git", "diff", ":/").status()).isEqualTo(CallStatus.REFUSED);
    }

    private void git(String... arguments) throws Exception {
        List<String> argv =
                Stream.concat(Stream.of("git"), Stream.of(arguments)).toList();
        assertThat(new ProcessBuilder(argv)
                        .directory(onDisk.toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static String out(ToolResult result) {
        return result.data().path("stdout").asText();
    }

    @Test
    void shouldTakeNoRepositoryThatSomebodyWroteByHand() throws IOException {
        // Given: files that git would take for a repository, with a command where a missing object is fetched from
        Path mark = onDisk.resolve("mark");
        Files.createDirectories(onDisk.resolve("refs/heads"));
        Files.createDirectories(onDisk.resolve("objects"));
        Files.writeString(onDisk.resolve("HEAD"), "ref: refs/heads/main\n");
        Files.writeString(onDisk.resolve("refs/heads/main"), "1".repeat(40) + "\n");
        Files.writeString(onDisk.resolve("config"), """
                [core]
                repositoryformatversion = 1
                bare = true
                [extensions]
                partialClone = o
                [remote "o"]
                promisor = true
                url = ext::sh -c touch%% %s
                [protocol "ext"]
                allow = always
                """.formatted(mark));
        // When
        ToolResult log = run(Fleet.wake("operator"), "git", "log", "--oneline", "-1");
        // Then
        assertThat(log.data().path("exit_code").asInt()).as("%s", log).isEqualTo(128);
        assertThat(log.data().path("stderr").asText()).contains("safe.bareRepository");
        assertThat(mark).doesNotExist();
    }

    @Test
    void shouldShowNoSecretOfTheFleet() throws IOException {
        // Given: a file that has what this process holds
        String key = ConfigProvider.getConfig().getValue("hq.models.anthropic.api-key", String.class);
        String password = ConfigProvider.getConfig().getValue("hq.db.password", String.class);
        Files.writeString(
                onDisk.resolve("keys.md"),
                "key " + key + "\npassword " + password
                        + "\njwt eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJvd25lciJ9.abcdefghijkl\n");
        Fleet.Run operator = Fleet.wake("operator");
        // When
        String id = operator.nextCall();
        ToolResult shown =
                operator.call("shell", id, Map.of("argv", List.of("head", "keys.md"), "directory", directory));
        ToolResult read = operator.call("file_read", Map.of("path", directory + "/keys.md"));
        // Then: not in the answer, not in the trace
        for (String text :
                List.of(shown.toString(), read.toString(), Fleet.action(id).toString())) {
            assertThat(text).contains("[secret removed]").doesNotContain(key, password, "eyJhbGci");
        }
    }

    private ToolResult run(Fleet.Run run, String... argv) {
        return run.call("shell", Map.of("argv", List.of(argv), "directory", directory));
    }

    private static String code(ToolResult result) {
        return result.error() == null ? "none: " + result : result.error().code();
    }
}
