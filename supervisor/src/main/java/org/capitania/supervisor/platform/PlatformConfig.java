package org.capitania.supervisor.platform;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Who starts and stops agents' processes, how often a start is tried, and when they are stopped. */
@ConfigMapping(prefix = "hq.platform")
public interface PlatformConfig {
    /** What the processes run on. */
    @WithDefault("none")
    Kind kind();

    /** Local: the {@code hq} of the checkout, which alone knows command lines. */
    Optional<Path> launcher();

    /** Local: how long it may take to start a process. */
    @WithDefault("2m")
    Duration patience();

    /** Kubernetes: its API. */
    @WithDefault("https://kubernetes.default.svc")
    URI api();

    /** Kubernetes: the directory with token, namespace and certificate of this service's account. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount")
    Path account();

    /** How often it is looked for agents to start. */
    @WithDefault("1s")
    Duration look();

    /** The pause after a start before the next, if the agent does not come; it doubles with each. After a start of this service, too. */
    @WithDefault("30s")
    Duration again();

    /** Starts of one agent in a row that bring nothing; after that a person is needed. */
    @WithDefault("5")
    int attempts();

    /**
     * How long an agent has nothing to do before its process is stopped, until there is; {@code 0s}: never. The seeds end a process with its
     * warm window (90 s, 21.3) and give other services on demand ten minutes (23.2). Absent: those ten minutes for deployments, which scale to
     * nothing where idle, and never for processes of one machine, whose owner sees them all and would wait seconds longer for the next answer.
     */
    Optional<Duration> idle();

    /** The places agents run in. */
    enum Kind {
        /** Somebody else starts them. */
        NONE,
        /** As processes of this machine, by {@code hq _service}. */
        LOCAL,
        /** As deployments {@code agent-<role>}, scaled to one or none. */
        KUBERNETES
    }
}
