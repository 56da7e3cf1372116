package org.capitania.cli.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.capitania.cli.fleet.Doctor.Finding;
import org.capitania.cli.fleet.Doctor.Grade;

/** What the database has beyond PostgreSQL itself. The fleet needs the first five; without any of the others it is as well. */
final class Extensions {
    private static final List<String> NEEDED = List.of("vector", "pg_trgm", "btree_gin", "unaccent", "pgcrypto");
    private static final List<String> WELCOME = List.of(
            "age",
            "pg_stat_statements",
            "auto_explain",
            "pgaudit",
            "pg_cron",
            "pg_partman",
            "timescaledb",
            "vectorscale",
            "pg_duckdb",
            "pg_search");

    /** {@code auto_explain} is a library only: it is there when the server has loaded it. */
    private static final String THERE = """
            SELECT extname, extversion FROM pg_extension
            UNION ALL
            SELECT 'auto_explain', '' WHERE 'auto_explain' = ANY (regexp_split_to_array(current_setting('shared_preload_libraries'), '\\s*,\\s*'))
            """;

    private Extensions() {}

    /** One line, whatever is there; only a missing one of those needed is bad. */
    static Finding examine(Connection database) throws SQLException {
        Map<String, String> there = new TreeMap<>();
        try (var statement = database.createStatement();
                var rows = statement.executeQuery(THERE)) {
            while (rows.next()) {
                there.put(rows.getString(1), rows.getString(2));
            }
        }
        return finding(there);
    }

    /** The same from a list of versions by name. */
    static Finding finding(Map<String, String> there) {
        List<String> missing =
                NEEDED.stream().filter(name -> !there.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            return new Finding(
                    "extensions",
                    Grade.BAD,
                    "the database lacks " + String.join(", ", missing),
                    "hq down, hq up: its start makes them");
        }
        List<String> seen = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (String name : NEEDED) {
            seen.add(name + " " + there.get(name));
        }
        for (String name : WELCOME) {
            String version = there.get(name);
            if (version == null) {
                absent.add(name.equals("age") ? "age (for hq cypher)" : name);
            } else {
                seen.add((name + " " + version).strip());
            }
        }
        return Finding.good(
                "extensions",
                String.join(", ", seen)
                        + (absent.isEmpty() ? "" : "; optional, not here: " + String.join(", ", absent)));
    }
}
