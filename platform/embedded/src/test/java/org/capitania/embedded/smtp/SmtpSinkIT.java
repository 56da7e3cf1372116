package org.capitania.embedded.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.embedded.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmtpSinkIT {
    @TempDir
    Path sent;

    private SmtpSink sink;

    @BeforeEach
    void start() {
        sink = new SmtpSink(sent, Ports.free());
        sink.start();
    }

    @AfterEach
    void stop() {
        sink.close();
    }

    /** Speaks SMTP by hand; returns the answer to the message. */
    private String send(String message) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sink.port());
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                OutputStream out = socket.getOutputStream()) {
            in.readLine();
            for (String line : List.of("HELO test", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.com>", "DATA")) {
                out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
                assertThat(in.readLine()).matches("[23]\\d\\d.*");
            }
            out.write((message + "\r\n.\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            return in.readLine();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(sent)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldHaveKeptTheMessageUnchangedWhenItSays250() throws Exception {
        String mail = "From: a@example.com\r\nMessage-ID: <0a1b@example.com>\r\nSubject: Olá\r\n\r\n..dot\r\nbody ✓";

        assertThat(send(mail.replace("\r\n..dot", "\r\n...dot"))).startsWith("250");

        assertThat(Files.readString(sent.resolve("0a1b@example.com.eml"))).isEqualTo(mail + "\r\n");
    }

    @Test
    void shouldShowThatAMessageCameTwice() throws Exception {
        send("Message-ID: <x@example.com>\r\n\r\none");
        send("Subject: s\r\nMESSAGE-Id:\r\n <x@example.com>\r\n\r\ntwo");
        assertThat(names()).containsExactly("x@example.com-2.eml", "x@example.com.eml");
    }

    @Test
    void shouldNotBeLedOutOfItsDirectoryByAMessageId() throws Exception {
        send("Message-ID: <../../etc/passwd>\r\n\r\nx");
        send("Subject: no id\r\n\r\nMessage-ID: <in-the-body@example.com>");
        assertThat(names()).hasSize(2).contains("_._.._etc_passwd.eml").noneMatch(n -> n.contains("in-the-body"));
    }

    @Test
    void shouldRefuseWhatIsTooLargeAndKeepNothingOfIt() throws Exception {
        String line = "x".repeat(998) + "\r\n";
        String answer =
                send("Message-ID: <big@example.com>\r\n\r\n" + line.repeat(SmtpSink.MAX_BYTES / line.length() + 2));
        assertThat(answer).startsWith("552");
        assertThat(names()).isEmpty();
        assertThat(send("Message-ID: <after@example.com>\r\n\r\nok")).startsWith("250");
    }
}
