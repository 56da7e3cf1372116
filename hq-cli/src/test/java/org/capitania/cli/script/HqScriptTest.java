package org.capitania.cli.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code hq} in a checkout of dummies: its JDK and its Maven are scripts that write down how they were called. */
class HqScriptTest {
    private static final Instant PAST = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private Path root;
    private Path jdk;

    private record Result(int exitCode, String out, String err) {}

    @BeforeEach
    void makeCheckout() throws IOException {
        root = Files.createDirectories(directory.resolve("checkout"));
        Files.copy(Path.of("..", "hq"), root.resolve("hq"));
        for (String module : List.of("hq-cli", "platform/contract", "platform/embedded", "graph-service")) {
            Files.createDirectories(root.resolve(module).resolve("src/main/java"));
            old(Files.writeString(root.resolve(module).resolve("src/main/java/A.java"), "class A {}"));
            old(Files.writeString(
                    root.resolve(module).resolve("pom.xml"),
                    module.equals("graph-service") ? "<project>quarkus-maven-plugin</project>" : "<project/>"));
        }
        old(Files.writeString(root.resolve("pom.xml"), "<project/>"));
        script(root.resolve("mvnw"), """
                echo "mvnw $*" >> "%1$s/calls"
                echo compiling; [ ! -e "%1$s/broken" ] || { echo "A.java is wrong"; exit 1; }
                sleep ${SLOWLY:-0}
                mkdir -p hq-cli/target/lib && : > hq-cli/target/hq-cli.jar
                case "$*" in *-pl*) ;; *) mkdir -p graph-service/target/quarkus-app && : > graph-service/target/quarkus-app/quarkus-run.jar;; esac""".formatted(directory));
        jdk = jdk("jdk-25", "25.0.1");
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(directory.resolve("jvm").resolve(name));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), """
                echo "java $*" >> "%1$s/calls"
                echo "locale ${LC_ALL:-}" >> "%1$s/calls"
                case "$*" in *AOTCacheOutput=*) out=${*#*AOTCacheOutput=}; echo cache > "${out%%%% *}";; esac
                case "$*" in *_train*|*ModernJar*) ;; *) echo "hq-cli of %2$s: $*";; esac""".formatted(directory, version));
        script(home.resolve("bin/javac"), "exit 0");
        return home;
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void old(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(PAST));
    }

    private Result hq(String... arguments) throws IOException, InterruptedException {
        return run(root.resolve("hq"), Map.of("JAVA_HOME", jdk.toString()), arguments);
    }

    private Result run(Path hq, Map<String, String> variables, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(shell(), hq.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        Map<String, String> environment = new HashMap<>(variables);
        environment.putIfAbsent("PATH", "/usr/bin:/bin");
        environment.putIfAbsent("HQ_JVM_DIR", directory.resolve("no-jvms").toString());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Path err = Files.createTempFile(directory, "stderr", "");
        Process process = builder.redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, Files.readString(err));
    }

    /** The plainest shell there is, or what the system calls sh. */
    private static String shell() {
        return Files.isExecutable(Path.of("/usr/bin/dash")) ? "/usr/bin/dash" : "/bin/sh";
    }

    private List<String> calls(String what) throws IOException {
        Path calls = directory.resolve("calls");
        return Files.exists(calls)
                ? Files.readAllLines(calls).stream()
                        .filter(line -> line.startsWith(what))
                        .toList()
                : List.of();
    }

    @Test
    void shouldBeAScriptThatAPlainShellUnderstands() throws IOException, InterruptedException {
        Process check = new ProcessBuilder(shell(), "-n", "../hq")
                .redirectErrorStream(true)
                .start();

        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(check.waitFor()).isZero();
    }

    @Test
    void shouldBuildOnceAndHandOverEveryArgument() throws IOException, InterruptedException {
        Result first = hq("proposal", "list", "--reason", "two words", "a*b");
        Result second = hq("proposal", "list");

        assertThat(first.exitCode()).isZero();
        assertThat(first.out()).contains("proposal list --reason two words a*b");
        assertThat(first.err()).contains("building hq-cli");
        assertThat(second.err()).isEmpty();
        assertThat(calls("mvnw")).hasSize(1).first().asString().contains("-q -B -DskipTests", "-pl hq-cli -am package");
    }

    @Test
    void shouldGiveJavaALocaleThatKeepsAccentsWhenTheCallersDoesNot() throws IOException, InterruptedException {
        run(root.resolve("hq"), Map.of("JAVA_HOME", jdk.toString(), "LANG", "C"), "status");
        assertThat(calls("locale")).isNotEmpty().containsOnly("locale C.UTF-8");

        Files.delete(directory.resolve("calls"));
        run(root.resolve("hq"), Map.of("JAVA_HOME", jdk.toString(), "LANG", "pt_PT.UTF-8"), "status");
        assertThat(calls("locale")).isNotEmpty().containsOnly("locale ");
    }

    @Test
    void shouldBuildAgainWhenASourceIsNewer() throws IOException, InterruptedException {
        hq("status");
        Files.setLastModifiedTime(
                root.resolve("platform/contract/src/main/java/A.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        Result again = hq("status");

        assertThat(again.err()).contains("building hq-cli");
        assertThat(calls("mvnw")).hasSize(2);
    }

    @Test
    void shouldBuildTheServicesForUpAloneWhenOneIsOlderThanItsSources() throws IOException, InterruptedException {
        hq("up");
        hq("up");
        assertThat(calls("mvnw"))
                .hasSize(1)
                .first()
                .asString()
                .endsWith("package")
                .doesNotContain("-pl");

        Files.setLastModifiedTime(
                root.resolve("graph-service/src/main/java/A.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        hq("status");
        assertThat(calls("mvnw"))
                .as("a verb does not wait for a service's build")
                .hasSize(1);
        hq("up");
        assertThat(calls("mvnw")).hasSize(2);
    }

    @Test
    void shouldTakeWhatABuildOfMavensOwnHasMade() throws IOException, InterruptedException {
        Process maven =
                new ProcessBuilder("./mvnw", "package").directory(root.toFile()).start();
        assertThat(maven.waitFor()).isZero();

        assertThat(hq("up").err()).isEmpty();
        assertThat(hq("status").err()).isEmpty();
        assertThat(calls("mvnw")).hasSize(1);

        Files.delete(root.resolve("graph-service/target/quarkus-app/quarkus-run.jar"));
        assertThat(hq("up").err()).contains("building the fleet");
        assertThat(calls("mvnw")).hasSize(2);
        assertThat(hq("up").err()).isEmpty();
    }

    @Test
    void shouldBuildWhenAServiceWasPackagedAloneWithAnOldPlatform() throws Exception {
        // Given: Maven packaged everything, and what the platform is built to is what the service took
        assertThat(new ProcessBuilder("./mvnw", "package")
                        .directory(root.toFile())
                        .start()
                        .waitFor())
                .isZero();
        Path built = Files.createDirectories(root.resolve("platform/contract/target"))
                .resolve("contract-0.1.jar");
        Path taken = Files.createDirectories(root.resolve("graph-service/target/quarkus-app/lib/main"))
                .resolve("org.capitania.contract-0.1.jar");
        Files.writeString(built, "new");
        Files.writeString(taken, "new");
        assertThat(hq("up").err()).isEmpty();
        // When: it took an older one from the local repository
        Files.writeString(taken, "old");
        assertThat(hq("up").err()).contains("building the fleet");
        // And when the platform itself was not built since its sources changed
        Files.delete(root.resolve("target/hq.stamp"));
        Files.writeString(taken, "new");
        old(built);
        Files.setLastModifiedTime(
                root.resolve("platform/contract/src/main/java/A.java"), FileTime.from(PAST.plusSeconds(5)));
        assertThat(hq("up").err()).contains("building the fleet");
        assertThat(calls("mvnw")).hasSize(3);
    }

    @Test
    void shouldBuildOnceWhenTwoAreStartedAtOnce() throws Exception {
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Result>> results = both.invokeAll(List.of(
                    () -> run(root.resolve("hq"), Map.of("JAVA_HOME", jdk.toString(), "SLOWLY", "1"), "status"),
                    () -> run(root.resolve("hq"), Map.of("JAVA_HOME", jdk.toString(), "SLOWLY", "1"), "status")));
            for (Future<Result> result : results) {
                assertThat(result.get().exitCode()).isZero();
                assertThat(result.get().out()).contains("hq-cli of 25.0.1");
            }
        }
        assertThat(calls("mvnw")).hasSize(1);
    }

    @Test
    void shouldSayInOneLineThatTheCheckoutCannotBeWrittenTo() throws IOException, InterruptedException {
        Files.writeString(root.resolve("target"), "no directory");

        Result result = hq("status");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err().lines()).singleElement().asString().contains("is not yours to write");
        assertThat(calls("mvnw")).isEmpty();
    }

    @Test
    void shouldNotWaitForABuildThatWasKilled() throws IOException, InterruptedException {
        Path lock = Files.createDirectories(root.resolve("target/hq-build.lock"));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.writeString(lock.resolve("pid"), Long.toString(gone.pid()));

        assertThat(hq("status").exitCode()).isZero();
        assertThat(calls("mvnw")).hasSize(1);
    }

    @Test
    void shouldShowMavensLastLinesAndExit2WhenTheBuildFails() throws IOException, InterruptedException {
        Files.createFile(directory.resolve("broken"));

        Result result = hq("up");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("A.java is wrong", "hq-build.log");
        assertThat(result.out()).isEmpty();
        assertThat(root.resolve("target/hq-build.lock")).doesNotExist();
    }

    @Test
    void shouldTrainItsCacheOnceAndAgainWhenTheJarIsNewer() throws IOException, InterruptedException {
        hq("status");
        hq("status");
        assertThat(calls("java")).filteredOn(call -> call.contains("_train")).hasSize(1);
        assertThat(calls("java").getLast()).contains("-XX:AOTCache=" + root.resolve("hq-cli/target/hq-25.0.1.aot"));

        Files.setLastModifiedTime(
                root.resolve("hq-cli/target/hq-cli.jar"),
                FileTime.from(Instant.now().plusSeconds(5)));
        hq("status");
        assertThat(calls("java")).filteredOn(call -> call.contains("_train")).hasSize(2);
    }

    @Test
    void shouldWorkThroughASymlinkOnThePath() throws IOException, InterruptedException {
        Path bin = Files.createDirectories(directory.resolve("my bin"));
        Files.createSymbolicLink(bin.resolve("link"), root.resolve("hq"));
        Files.createSymbolicLink(bin.resolve("hq"), Path.of("link"));

        Result result = run(bin.resolve("hq"), Map.of("JAVA_HOME", jdk.toString()), "status");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("-Dhq.root=" + root.toRealPath());
    }

    @Test
    void shouldSayInOneLineWhatToInstallWhenThereIsNoJdk() throws IOException, InterruptedException {
        Path empty = Files.createDirectories(directory.resolve("empty-bin"));
        for (String tool : List.of("sed", "readlink", "find", "head", "cat")) {
            Files.createSymbolicLink(empty.resolve(tool), Path.of("/usr/bin/" + tool));
        }

        Result result =
                run(root.resolve("hq"), Map.of("PATH", empty.toString(), "HOME", directory.toString()), "status");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains("JDK 25", "apt-get install openjdk-25-jdk");
    }

    @Test
    void shouldPassOverAJdkThatIsTooOld() throws IOException, InterruptedException {
        Path old = jdk("jdk-17", "17.0.15");
        Path jvms = directory.resolve("jvm");

        Result result =
                run(root.resolve("hq"), Map.of("JAVA_HOME", old.toString(), "HQ_JVM_DIR", jvms.toString()), "status");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("hq-cli of 25.0.1");
    }

    @Test
    void shouldRunTheWholeBuildForTest() throws IOException, InterruptedException {
        Result result = hq("test", "-pl", "graph-service", "--soak", "-Dit.test=Some IT");

        assertThat(result.exitCode()).isZero();
        assertThat(calls("mvnw"))
                .containsExactly("mvnw -B verify -Dci -T 2 -Dsoak -pl graph-service -Dit.test=Some IT");
    }

    @Test
    void shouldNotBuildWhenItIsForbidden() throws IOException, InterruptedException {
        Result result = run(root.resolve("hq"), Map.of("JAVA_HOME", jdk.toString(), "HQ_NO_BUILD", "1"), "status");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(calls("mvnw")).isEmpty();
    }
}
