package org.capitania.embedded.postgres;

/** The server settings of a small machine that may lose power at any moment. */
final class PostgresSettings {
    private PostgresSettings() {}

    static String forPort(int port) {
        return """
                # Written by Capitania at each start; edit postgresql.conf below its include line instead.
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                password_encryption = scram-sha-256
                max_connections = 120

                # Nothing acknowledged is ever lost.
                fsync = on
                synchronous_commit = on
                full_page_writes = on

                shared_buffers = 128MB
                effective_cache_size = 1GB
                work_mem = 8MB
                maintenance_work_mem = 64MB
                # A load writes 30 MB a second: with less, a checkpoint every few seconds, and each page is logged whole again after it.
                max_wal_size = 2GB
                wal_compression = on
                random_page_cost = 1.1
                jit = off
                # A sample of nine thousand rows, not of thirty thousand: sampling a busy table kept one of two cores for most of a second.
                default_statistics_target = 30
                # The write that fills an index's list of pending entries puts them all away: 4 MB took it up to 200 ms.
                gin_pending_list_limit = 512kB
                huge_pages = off
                # Two cores, and /dev/shm is small in containers.
                max_parallel_workers_per_gather = 0
                max_parallel_maintenance_workers = 0
                autovacuum_max_workers = 2
                autovacuum_naptime = 20s

                timezone = 'UTC'
                log_timezone = 'UTC'
                lc_messages = 'C'
                log_destination = 'stderr'
                logging_collector = off
                log_line_prefix = '%%m [%%p] %%q%%u@%%d '
                log_checkpoints = off
                """.formatted(port);
    }
}
