package org.capitania.supervisor;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/**
 * The waits of the supervisor, short enough for a test; leases stay long and are made to run out by hand. Agents are started by a program that
 * writes down what it was told, in the file {@code told} beside it, and fails while there is a file {@code fail}. Those with nothing to do for an
 * hour are stopped, when it is looked for them.
 */
public final class QuickTimes implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        Map<String, String> config = new HashMap<>(Map.of(
                "hq.wakes.tick", "100ms",
                "hq.wakes.back-off", "20ms",
                "hq.wakes.longest-back-off", "100ms",
                "hq.wakes.start-grace", "0s",
                "hq.wakes.coalesce", "300ms",
                "hq.fences.standing", "0s",
                "hq.roster.silence", "10m",
                "hq.memory.least-mb", "1",
                "hq.memory.one-mb", "1",
                "hq.memory.roomy-mb", "1"));
        config.putAll(Map.of(
                "hq.roster.spare", "kb.ingest.completed",
                "hq.platform.kind", "local",
                "hq.platform.launcher", launcher().toString(),
                "hq.platform.look", "100ms",
                "hq.platform.again", "100ms",
                "hq.platform.attempts", "3",
                "hq.platform.idle", "1h"));
        return config;
    }

    private static Path launcher() {
        try {
            Path launcher = Files.createTempDirectory("launcher").resolve("hq");
            Files.writeString(
                    launcher,
                    "#!/bin/sh\necho \"$* no build: $HQ_NO_BUILD\" >> \"${0%/*}/told\"\n[ ! -e \"${0%/*}/fail\" ]\n");
            Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
            return launcher;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
