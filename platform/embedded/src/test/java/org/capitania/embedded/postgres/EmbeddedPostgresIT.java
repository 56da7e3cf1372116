package org.capitania.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.embedded.MachineProblem;
import org.capitania.embedded.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    @TempDir
    Path dir;

    private EmbeddedPostgres server;

    @BeforeEach
    void openTheDirectory() throws IOException {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        server = serverOn(Ports.free());
    }

    @AfterEach
    void deleteData() {
        server.deleteData();
    }

    private EmbeddedPostgres serverOn(int port) {
        return new EmbeddedPostgres(dir.resolve("postgres"), dir.resolve("postgres.log"), port, "secret");
    }

    private static void sigkill(EmbeddedPostgres postgres) {
        ProcessHandle.of(postgres.pid().orElseThrow()).orElseThrow().destroyForcibly();
    }

    @Test
    void shouldKeepEveryAcknowledgedRowWhenKilledWhileWriting() throws Exception {
        // Given a client that writes as fast as it can
        server.start();
        server.endWithThisProcess();
        try (Connection c = server.connect("postgres");
                Statement s = c.createStatement()) {
            s.execute("CREATE TABLE written (id int PRIMARY KEY)");
        }
        AtomicInteger acknowledged = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(200);
        Thread writer = Thread.ofVirtual().start(() -> {
            try (Connection c = server.connect("postgres");
                    PreparedStatement insert = c.prepareStatement("INSERT INTO written VALUES (?)")) {
                for (int id = 1; ; id++) {
                    insert.setInt(1, id);
                    insert.executeUpdate();
                    acknowledged.set(id);
                    enough.countDown();
                }
            } catch (SQLException e) {
                // the server was killed
            }
        });
        assertThat(enough.await(30, TimeUnit.SECONDS)).isTrue();

        // When the server is killed and started again, its pid file still there
        sigkill(server);
        writer.join();
        assertThat(dir.resolve("postgres/data/postmaster.pid")).exists();
        server.start();

        // Then what was acknowledged is there
        assertThat(number("SELECT max(id) FROM written")).isGreaterThanOrEqualTo(acknowledged.get());
        assertThat(number("SELECT count(*) FROM written")).isEqualTo(number("SELECT max(id) FROM written"));
    }

    @Test
    void shouldRunDurablyAndForKnownUsersOnly() throws Exception {
        server.start();
        server.start();
        try (Connection c = server.connect("postgres");
                Statement s = c.createStatement()) {
            for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes", "data_checksums"}) {
                assertThat(text(s, "SHOW " + setting)).as(setting).isEqualTo("on");
            }
            assertThat(text(s, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'postgres'"))
                    .isEqualTo("bC.UTF-8");
        }
        EmbeddedPostgres stranger =
                new EmbeddedPostgres(dir.resolve("postgres"), dir.resolve("log"), server.port(), "wrong");
        assertThatThrownBy(() -> stranger.connect("postgres")).isInstanceOf(SQLException.class);

        server.stop();
        server.stop();
        assertThat(server.isRunning()).isFalse();
    }

    @Test
    void shouldSayInOneLineThatThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(serverOn(taken.getLocalPort())::start)
                    .isInstanceOfSatisfying(MachineProblem.class, e -> {
                        assertThat(e.kind()).isEqualTo(MachineProblem.Kind.PORT_IN_USE);
                        assertThat(e.line())
                                .contains(Integer.toString(taken.getLocalPort()))
                                .doesNotContain("\n");
                    });
        }
        assertThat(server.isRunning()).isFalse();
    }

    @Test
    void shouldRefuseToStartTheSameDataOnAnotherPort() {
        server.start();
        assertThatThrownBy(serverOn(Ports.free())::start)
                .isInstanceOf(MachineProblem.class)
                .hasMessageContaining("runs already, on port " + server.port());
    }

    @Test
    void shouldTakeTheDirectoryOverAfterAStopOnAnotherPort() throws Exception {
        server.start();
        server.stop();
        EmbeddedPostgres moved = serverOn(Ports.free());
        moved.start();
        assertThat(moved.pid()).isPresent();
        moved.stop();
    }

    @Test
    void shouldPutTheDataElsewhereWhenTheHomeIsClosedToTheServersUser() throws Exception {
        // Given a home that only its owner may enter, as /root is
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));

        server.start();

        // Then root finds a link there, and everybody else simply the data
        assertThat(Files.isSymbolicLink(dir.resolve("postgres"))).isEqualTo(ServerUser.isRoot());
        Path real = dir.resolve("postgres").toRealPath();
        server.deleteData();
        assertThat(real).doesNotExist();
        assertThat(dir.resolve("postgres")).doesNotExist();
    }

    private int number(String sql) throws SQLException {
        try (Connection c = server.connect("postgres");
                Statement s = c.createStatement()) {
            return Integer.parseInt(text(s, sql));
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
