package org.capitania.graph.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.DefineType;
import org.capitania.contract.api.GraphTypes;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** Gives a tenant a type of its own, or its own props on one that every company has. */
@ApplicationScoped
class DefineTypes {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{1,49}");
    private static final int LARGEST = 65_536;
    private static final Set<String> OF_NODES = Set.of(
            "$schema",
            "title",
            "description",
            "type",
            "additionalProperties",
            "properties",
            "required",
            "x-slug",
            "x-statuses",
            "x-default-status",
            "x-priorities");
    private static final Set<String> OF_EDGES = Set.of(
            "$schema",
            "title",
            "description",
            "type",
            "additionalProperties",
            "properties",
            "required",
            "x-from",
            "x-to",
            "x-cardinality",
            "x-taint");
    /** What may be added to a type that every company has. */
    private static final Set<String> OF_ADDITIONS =
            Set.of("title", "description", "type", "properties", "x-statuses", "x-priorities", "x-from", "x-to");

    private final TypeCatalogue catalogue;
    private final TypeStore store;

    DefineTypes(TypeCatalogue catalogue, TypeStore store) {
        this.catalogue = catalogue;
        this.store = store;
    }

    GraphTypes.Type define(Scope scope, DefineType wanted) {
        TypeStore.Own own = store.read(scope);
        TypeDefinition definition = read(wanted);
        Types types = catalogue.everybodys().with(own.definitions(), own.revision());
        List<FieldError> errors = new ArrayList<>(SchemaSubset.faults(definition.schema(), "/schema"));
        members(definition, types, errors);
        own.definitions().stream()
                .filter(d -> d.kind() == definition.kind() && d.name().equals(definition.name()))
                .findFirst()
                .ifPresent(before -> errors.addAll(Widening.faults(before.schema(), definition.schema(), "/schema")));
        if (!errors.isEmpty()) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION, errors.getFirst().message(), errors);
        }
        store.add(scope, definition, own.revision() + 1);
        Types now = catalogue.reread(scope);
        return switch (definition.kind()) {
            case NODE -> TypesResource.shown(now.node(definition.name()).orElseThrow());
            case EDGE -> TypesResource.shown(now.edge(definition.name()).orElseThrow());
        };
    }

    private static TypeDefinition read(DefineType wanted) {
        @Nullable String kind = wanted.kind();
        if (!"node".equals(kind) && !"edge".equals(kind)) {
            throw fault("/kind", String.valueOf(kind), "node or edge");
        }
        @Nullable String name = wanted.name();
        if (name == null || !NAME.matcher(name).matches()) {
            throw fault("/name", String.valueOf(name), "2 to 50 lower-case letters, digits and _");
        }
        @Nullable ObjectNode schema = wanted.schema();
        if (schema == null || Json.write(schema).length() > LARGEST) {
            throw fault("/schema", schema == null ? "absent" : "too large", "a JSON Schema of at most 64 KiB");
        }
        return new TypeDefinition(
                kind.equals("node") ? TypeDefinition.Kind.NODE : TypeDefinition.Kind.EDGE, name, schema);
    }

    private void members(TypeDefinition definition, Types types, List<FieldError> errors) {
        boolean node = definition.kind() == TypeDefinition.Kind.NODE;
        JsonNode there = node
                ? catalogue
                        .everybodys()
                        .node(definition.name())
                        .map(NodeType::schema)
                        .orElse(null)
                : catalogue
                        .everybodys()
                        .edge(definition.name())
                        .map(EdgeType::schema)
                        .orElse(null);
        Set<String> allowed = there != null ? OF_ADDITIONS : node ? OF_NODES : OF_EDGES;
        ObjectNode schema = definition.schema();
        schema.fieldNames().forEachRemaining(name -> {
            if (!allowed.contains(name)) {
                add(errors, "/schema/" + name, name, String.join(", ", new java.util.TreeSet<>(allowed)));
            }
        });
        if (there != null) {
            schema.path("properties").fieldNames().forEachRemaining(prop -> {
                if (there.path("properties").has(prop)) {
                    add(
                            errors,
                            "/schema/properties/" + prop,
                            prop,
                            "a name that " + definition.name() + " has not yet");
                }
            });
        } else if (node) {
            ownNode(schema, errors);
        }
        if (!node) {
            ends(schema, types, there == null, errors);
        }
    }

    private static void ownNode(ObjectNode schema, List<FieldError> errors) {
        for (String prop : Schemas.texts(schema.path("x-slug"))) {
            if (!schema.path("properties").has(prop)) {
                add(errors, "/schema/x-slug", prop, "a prop of the type");
            }
        }
        JsonNode first = schema.path("x-default-status");
        if (!first.isMissingNode() && !Schemas.texts(schema.path("x-statuses")).contains(first.asText())) {
            add(
                    errors,
                    "/schema/x-default-status",
                    first.asText(),
                    schema.path("x-statuses").toString());
        }
    }

    private static void ends(ObjectNode schema, Types types, boolean needed, List<FieldError> errors) {
        for (String list : List.of("x-from", "x-to")) {
            List<String> ends = Schemas.texts(schema.path(list));
            if (ends.isEmpty() && needed) {
                add(errors, "/schema/" + list, "nothing", "the types at this end, or *");
            }
            for (String end : ends) {
                if (!end.equals("*") && types.node(end).isEmpty()) {
                    add(errors, "/schema/" + list, end, String.join(", ", types.nodeNames()));
                }
            }
        }
        for (String end : List.of("per_from", "per_to")) {
            JsonNode max = schema.at("/x-cardinality/" + end + "/max");
            if (!max.isMissingNode() && (!max.isInt() || max.intValue() < 1)) {
                add(errors, "/schema/x-cardinality/" + end + "/max", max.toString(), "a whole number from 1");
            }
        }
        String taint = schema.path("x-taint").asText("none");
        if (!Set.of("none", "from_inherits", "to_inherits").contains(taint)) {
            add(errors, "/schema/x-taint", taint, "none, from_inherits, to_inherits");
        }
    }

    private static void add(List<FieldError> errors, String path, String found, String allowed) {
        errors.add(new FieldError(path, found, allowed, path + " is " + found + "; allowed is " + allowed));
    }

    private static CapitaniaException fault(String path, String found, String allowed) {
        List<FieldError> errors = new ArrayList<>();
        add(errors, path, found, allowed);
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION, errors.getFirst().message(), errors);
    }
}
