package org.capitania.supervisor.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformsTest {
    @TempDir
    Path files;

    private LocalProcess local(String script, Duration patience) throws IOException {
        Path hq = files.resolve("hq");
        Files.writeString(hq, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(hq, PosixFilePermissions.fromString("rwx------"));
        return new LocalProcess(hq, patience);
    }

    @Test
    void shouldStartTheRolesProcessByHq() throws IOException {
        local("echo \"$*\" > " + files.resolve("told"), Duration.ofMinutes(1)).start("operator");

        assertThat(files.resolve("told")).hasContent("_service start agent-operator");
    }

    @Test
    void shouldStopTheRolesProcessByHq() throws IOException {
        local("echo \"$*\" > " + files.resolve("told"), Duration.ofMinutes(1)).stop("operator");

        assertThat(files.resolve("told")).hasContent("_service stop agent-operator");
    }

    @Test
    void shouldSayWhatHqSaidWhenItFails() throws IOException {
        LocalProcess busy = local("echo 'another hq is starting this fleet' >&2; exit 2", Duration.ofMinutes(1));

        assertThatThrownBy(() -> busy.start("chief"))
                .isInstanceOf(CapitaniaException.class)
                .hasMessageContaining("agent-chief")
                .hasMessageContaining("another hq is starting this fleet");
    }

    @Test
    void shouldNotWaitForEver() throws IOException {
        LocalProcess slow = local("exec sleep 600", Duration.ofMillis(200));

        assertThatThrownBy(() -> slow.start("chief"))
                .isInstanceOf(CapitaniaException.class)
                .hasMessageContaining("did not start");
    }

    @Test
    void shouldSayThatThereIsNoHq() {
        assertThatThrownBy(() -> new LocalProcess(files.resolve("none"), Duration.ofMinutes(1)).start("chief"))
                .isInstanceOf(CapitaniaException.class)
                .hasMessageContaining("cannot be run");
    }

    @Test
    void shouldScaleTheDeploymentOfTheRoleToOneAndToNone() throws IOException {
        Files.writeString(files.resolve("token"), "secret-1\n");
        Files.writeString(files.resolve("namespace"), "capitania");
        List<String> asked = new ArrayList<>();
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().contains("agent-chief") ? 200 : 404, -1);
            exchange.close();
        });
        api.start();
        try {
            KubernetesScale platform = new KubernetesScale(
                    URI.create("http://127.0.0.1:" + api.getAddress().getPort()), files);

            platform.start("chief");
            platform.stop("chief");

            String scale = "PATCH /apis/apps/v1/namespaces/capitania/deployments/agent-chief/scale"
                    + " application/merge-patch+json Bearer secret-1 {\"spec\":{\"replicas\":%d}}";
            assertThat(asked).containsExactly(scale.formatted(1), scale.formatted(0));
            assertThatThrownBy(() -> platform.start("nobody"))
                    .isInstanceOf(CapitaniaException.class)
                    .hasMessageContaining("404");
        } finally {
            api.stop(0);
        }
    }

    @Test
    void shouldStartAndStopNothingWhereNothingCan() {
        assertThat(new NoPlatform().able()).isFalse();
        assertThatThrownBy(() -> new NoPlatform().start("chief")).isInstanceOf(CapitaniaException.class);
        assertThatThrownBy(() -> new NoPlatform().stop("chief")).isInstanceOf(CapitaniaException.class);
    }
}
