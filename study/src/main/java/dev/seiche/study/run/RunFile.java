package dev.seiche.study.run;

import dev.seiche.study.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes {@code run.json}. */
final class RunFile {
    static final String NAME = "run.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private RunFile() {}

    static void write(Path directory, RunRecord record) {
        byte[] bytes = JSON.writeValueAsBytes(record);
        AtomicFile.write(directory.resolve(NAME), channel -> {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        });
    }

    static RunRecord read(Path directory) {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            String what = Files.isDirectory(directory) ? "holds no " + NAME : "is no directory";
            throw new UserException(
                    "%s is not a run: it %s; give the directory that 'seiche run' printed".formatted(directory, what));
        }
        try {
            JsonNode tree = JSON.readTree(Files.readAllBytes(file));
            int format = tree.path("format").asInt(-1);
            if (format != RunRecord.FORMAT) {
                throw new UserException("%s has format %s, this Seiche reads format %d; use the version that wrote it"
                        .formatted(file, format < 0 ? "none" : format, RunRecord.FORMAT));
            }
            return JSON.treeToValue(tree, RunRecord.class);
        } catch (IOException e) {
            throw DiskFault.reading(file, e);
        } catch (JacksonException e) {
            String why = e.getOriginalMessage() == null
                    ? ""
                    : e.getOriginalMessage().lines().findFirst().orElse("");
            throw new UserException("%s cannot be understood: %s".formatted(file, why), e);
        }
    }

    /** Any record as a JSON tree. */
    static JsonNode tree(Record results) {
        return JSON.valueToTree(results);
    }

    /** A JSON tree as a record. */
    static <R extends Record> R value(JsonNode tree, Class<R> type) {
        return JSON.treeToValue(tree, type);
    }

    /** Maps, lists and records as JSON text, which is YAML too. */
    static String text(Object tree) {
        return JSON.writeValueAsString(tree);
    }
}
