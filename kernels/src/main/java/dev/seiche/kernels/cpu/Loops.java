package dev.seiche.kernels.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;

/** Makes one copy of a loop class for each formula, so that the compiler sees the formula as a constant of the loop. */
final class Loops {
    private final byte[] f32Bytecode = bytecode(F32Loop.class);
    private final byte[] f64Bytecode = bytecode(F64Loop.class);

    private record Data(Object formula, int operands) {}

    /** @param operands how many operands the formula reads, 1 to 3 */
    ElementLoop f32(F32Formula formula, int operands) {
        return copy(f32Bytecode, new Data(formula, operands));
    }

    ElementLoop f64(F64Formula formula, int operands) {
        return copy(f64Bytecode, new Data(formula, operands));
    }

    /** The formula of the copy that asks. */
    static <F> F formula(MethodHandles.Lookup copy, Class<F> type) {
        return type.cast(data(copy).formula());
    }

    static int operands(MethodHandles.Lookup copy) {
        return data(copy).operands();
    }

    private static Data data(MethodHandles.Lookup copy) {
        try {
            Data data = MethodHandles.classData(copy, "_", Data.class);
            if (data == null) {
                throw new IllegalStateException(copy.lookupClass() + " is only a template");
            }
            return data;
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static ElementLoop copy(byte[] template, Data data) {
        try {
            Class<?> copy = MethodHandles.lookup()
                    .defineHiddenClassWithClassData(template, data, true)
                    .lookupClass();
            Constructor<?> constructor = copy.getDeclaredConstructor();
            return (ElementLoop) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no copy of a loop class for its formula", e);
        }
    }

    private static byte[] bytecode(Class<?> template) {
        try (InputStream in = template.getResourceAsStream(template.getSimpleName() + ".class")) {
            if (in == null) {
                throw new AssertionError(template + " has no class file");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
