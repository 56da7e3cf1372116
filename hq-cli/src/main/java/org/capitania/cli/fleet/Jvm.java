package org.capitania.cli.fleet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.Service;

/** The JDK that runs the fleet: the one that runs this command. The flags here are part of the key of every cache (decision 26). */
record Jvm(Path home, String version) {
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            // What runs a few times a minute is compiled within minutes, not hours; what compiling leaves behind is
            // given back.
            "-XX:CompileThresholdScaling=0.1",
            "-XX:TrimNativeHeapInterval=10000",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            // A cache mapped where it was written stays shared with its file: 37 MB less of a service's own memory.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            "-XX:ReservedCodeCacheSize=48m",
            "-XX:MaxDirectMemorySize=64m",
            "-Xss512k",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.net.preferIPv4Stack=true",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8",
            "-Dfile.encoding=UTF-8");

    static Jvm ofThisProcess() {
        return new Jvm(
                Path.of(System.getProperty("java.home")), Runtime.version().toString());
    }

    String java() {
        return home.resolve("bin").resolve("java").toString();
    }

    /** The flags of a service's process. */
    List<String> flags(Service service) {
        return switch (service) {
            case GRAPH_SERVICE, INGEST_WORKERS -> flags("96m");
            case TOOL_REGISTRY, APPROVAL_SERVICE, SUPERVISOR, WATCHDOG, AGENT_CHIEF, AGENT_OPERATOR -> flags("64m");
        };
    }

    /** The flags of the process with broker and mail sink. */
    List<String> infraFlags() {
        return flags("192m");
    }

    private static List<String> flags(String heap) {
        List<String> flags = new ArrayList<>(FLAGS);
        flags.add("-Xms24m");
        flags.add("-Xmx" + heap);
        return flags;
    }
}
