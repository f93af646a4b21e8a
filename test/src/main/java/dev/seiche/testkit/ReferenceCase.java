package dev.seiche.testkit;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Frozen values of one layer or network as another system computed them: inputs, results, gradients, by name. The script
 * beside the files says how they were made and what the names mean.
 */
public final class ReferenceCase {
    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(boolean integer, Shape shape, ByteBuffer bytes) {}

    private ReferenceCase(String name, byte[] file) {
        this.name = name;
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int dataStart = Math.toIntExact(8 + bytes.getLong(0));
        JsonNode header = JsonMapper.shared().readTree(new String(file, 8, dataStart - 8, StandardCharsets.UTF_8));
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            JsonNode value = field.getValue();
            if (field.getKey().equals("__metadata__")) {
                value.properties()
                        .forEach(attribute -> attributes.put(
                                attribute.getKey(), attribute.getValue().asString()));
            } else {
                entries.put(field.getKey(), entry(field.getKey(), value, bytes, dataStart));
            }
        }
    }

    private static Entry entry(String array, JsonNode header, ByteBuffer bytes, int dataStart) {
        boolean integer = header.get("dtype").asString().equals("I32");
        int[] dims = new int[header.get("shape").size()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = header.get("shape").get(i).asInt();
        }
        Shape shape = Shape.of(dims);
        int begin = header.get("data_offsets").get(0).asInt();
        int end = header.get("data_offsets").get(1).asInt();
        if (end - begin != shape.size() * (integer ? Integer.BYTES : Double.BYTES)) {
            throw new IllegalStateException(array + ": " + (end - begin) + " bytes for shape " + shape);
        }
        return new Entry(
                integer, shape, bytes.slice(dataStart + begin, end - begin).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Reads a case from the class path, {@code /reference/SUITE/NAME.safetensors}. */
    public static ReferenceCase load(String suite, String name) {
        return new ReferenceCase(name, resource(suite, name + ".safetensors"));
    }

    /** The names of all cases of a suite, as its {@code cases.txt} lists them. */
    public static List<String> names(String suite) {
        return new String(resource(suite, "cases.txt"), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static byte[] resource(String suite, String file) {
        String path = "/reference/" + suite + "/" + file;
        try (InputStream in = ReferenceCase.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("reference values: no resource " + path + " on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String name() {
        return name;
    }

    /** An attribute of the layer, as text. Throws if there is none of this name. */
    public String attribute(String attribute) {
        return require(attributes, attribute);
    }

    /** Names of all arrays: {@code in.x}, {@code out.y}, {@code cotangent}, {@code grad.x} and so on. */
    public Set<String> arrays() {
        return Set.copyOf(entries.keySet());
    }

    /** True if there is an array of this name. */
    public boolean has(String array) {
        return entries.containsKey(array);
    }

    public Shape shape(String array) {
        return require(entries, array).shape();
    }

    /** The numbers of an array in row-major order; integers are widened. */
    public double[] values(String array) {
        Entry entry = require(entries, array);
        double[] values = new double[Math.toIntExact(entry.shape().size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = entry.integer()
                    ? entry.bytes().getInt(4 * i)
                    : entry.bytes().getDouble(8 * i);
        }
        return values;
    }

    /** An array as a tensor born in {@code scope}: I32 for ids and labels, otherwise {@code floating}. */
    public Tensor tensor(Scope scope, DType floating, String array) {
        DType dtype = require(entries, array).integer() ? DType.I32 : floating;
        return scope.tensor(dtype, shape(array), values(array)).named(array);
    }

    private <V> V require(Map<String, V> map, String key) {
        V value = map.get(key);
        if (value == null) {
            throw new IllegalArgumentException(
                    "reference case " + name + ": no '" + key + "', there are " + map.keySet());
        }
        return value;
    }

    @Override
    public String toString() {
        return name;
    }
}
