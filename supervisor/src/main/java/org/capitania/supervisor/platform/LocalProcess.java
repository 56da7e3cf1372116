package org.capitania.supervisor.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** Processes of this machine, by {@code hq _service}: it holds the lock of the fleet, so that nothing starts while {@code hq down} stops. */
final class LocalProcess implements AgentPlatform {
    private final Path launcher;
    private final Duration patience;

    LocalProcess(Path launcher, Duration patience) {
        this.launcher = launcher;
        this.patience = patience;
    }

    @Override
    public boolean able() {
        return true;
    }

    @Override
    public void start(String role) {
        run("start", role);
    }

    @Override
    public void stop(String role) {
        run("stop", role);
    }

    private void run(String instruction, String role) {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "_service", instruction, "agent-" + role);
        // It starts what is installed; only a person builds.
        builder.environment().put("HQ_NO_BUILD", "1");
        builder.redirectErrorStream(true);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> read(process));
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroy();
                throw failed("hq did not " + instruction + " agent-" + role + " within " + patience.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw failed("hq could not " + instruction + " agent-" + role + ": " + said.join());
            }
        } catch (IOException e) {
            throw failed("hq cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted at the " + instruction + " of agent-" + role);
        }
    }

    private static String read(Process process) {
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return text.length() > 500 ? "…" + text.substring(text.length() - 500) : text;
        } catch (IOException e) {
            return "nothing could be read: " + e.getMessage();
        }
    }

    private static CapitaniaException failed(String detail) {
        return new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, detail);
    }
}
