package org.capitania.embedded.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.capitania.embedded.MachineProblem;
import org.capitania.embedded.Ports;
import org.subethamail.smtp.server.SMTPServer;

/**
 * An SMTP server on 127.0.0.1 that accepts every message and delivers none: each becomes one {@code .eml} file, on disk
 * under its final name before the sender is told 250. The files are the proof of what left, so a message that comes
 * twice is there twice.
 */
public final class SmtpSink implements AutoCloseable {
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    private final SMTPServer server;
    private final int port;

    /** @param directory where the files go, for example {@code .hq/mail/sent}; made when absent */
    public SmtpSink(Path directory, int port) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SentMail sent = new SentMail(directory.toAbsolutePath());
        this.port = port;
        this.server = SMTPServer.port(port)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .softwareName("Capitania mail sink")
                .maxMessageSize(MAX_BYTES)
                .maxConnections(50)
                .insertReceivedHeaders(false)
                .messageHandlerFactory(context -> new SinkHandler(sent))
                .build();
    }

    public int port() {
        return port;
    }

    public void start() {
        Ports.requireFree(port, "the mail sink");
        try {
            server.start();
        } catch (RuntimeException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.DID_NOT_START, "the mail sink did not start: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
