#include "rewrite.h"

#include <cctype>
#include <cstdlib>
#include <vector>

namespace seiche {

namespace {

class Rewriter {
public:
    explicit Rewriter(const std::string& text) : text_(text) {}

    bool run() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"' || c == '\'') {
                copyLiteral(c);
            } else if (isalpha((unsigned char)c) || c == '_') {
                word(readWord());
            } else if (isdigit((unsigned char)c)) {
                while (at_ < text_.size() && (isalnum((unsigned char)text_[at_]) || text_[at_] == '.' || text_[at_] == '\'')) {
                    out_ += text_[at_++];
                }
            } else if (c == '#' && atLineStart()) {
                copyLineMarker();
            } else {
                if (c == '\n') line_++;
                out_ += c;
                at_++;
            }
        }
        for (const Kernel& kernel : kernels_) appendEntry(kernel);
        return errors_.empty();
    }

    std::string out_, errors_;

private:
    struct Kernel {
        std::string name, bounds;
    };

    // What the driver finds a kernel by (SeicheKernel in device/thread.h). The call itself is not instrumented: it reads
    // arguments from memory of the host.
    void appendEntry(const Kernel& kernel) {
        const std::string signature = "decltype(seiche_signature(" + kernel.name + "))";
        out_ += "\n__attribute__((no_sanitize(\"thread\", \"undefined\"))) static void seiche_run_" + kernel.name
                + "(void** arguments) { seiche_call(" + kernel.name + ", arguments); }\n"
                + "extern \"C\" { __attribute__((visibility(\"default\"), used)) extern const SeicheKernel seiche_kernel_"
                + kernel.name + "; const SeicheKernel seiche_kernel_" + kernel.name + " = {seiche_run_" + kernel.name + ", "
                + signature + "::parameters, " + signature + "::count, (" + (kernel.bounds.empty() ? "0" : kernel.bounds)
                + ")}; }\n";
    }

    void word(const std::string& w) {
        if (w == "__global__") {
            insideKernelHead_ = true;
            bounds_.clear();
            kernels_.push_back({"", ""});
        } else if (w == "__launch_bounds__") {
            bounds_ = firstArgument(readParentheses());
        } else if (w == "__shared__") {
            sharedStatement();
        } else if (w == "extern") {
            copyExtern();
        } else {
            out_ += w;
            if (insideKernelHead_ && w != "void" && w != "static" && w != "inline" && w != "extern") {
                kernels_.back() = {w, bounds_};
                insideKernelHead_ = false;
            }
        }
    }

    // "extern __shared__ ..." loses its extern, every other extern stays.
    void copyExtern() {
        const size_t after = skipSpace(at_);
        if (text_.compare(after, 10, "__shared__") != 0) {
            out_ += "extern";
            return;
        }
        copySpace();
        at_ = after + 10;
        const Declaration d = readDeclaration();
        if (!d.valid) return;
        out_ += d.type + "* const " + d.name + " = (" + d.type + "*)seiche_dynamic_shared(\"" + d.name + "\");";
    }

    void sharedStatement() {
        const Declaration d = readDeclaration();
        if (!d.valid) return;
        const std::string id = std::to_string(sharedCount_++) + "_" + d.name;
        out_ += "typedef " + d.type + " seiche_type_" + id + d.extents + "; static const char seiche_key_" + id
                + " = 0; seiche_type_" + id + "& " + d.name + " = *(seiche_type_" + id + "*)seiche_shared(&seiche_key_" + id
                + ", sizeof(seiche_type_" + id + "), \"" + d.name + "\");";
    }

    struct Declaration {
        std::string type, name, extents;
        bool valid = false;
    };

    // The statement up to its semicolon: [alignas(...)] type name [extent]...
    Declaration readDeclaration() {
        std::string statement;
        const int line = line_;
        while (at_ < text_.size() && text_[at_] != ';') {
            if (text_[at_] == '\n') {
                line_++;
                newlines_++;
            }
            statement += text_[at_] == '\n' ? ' ' : text_[at_];
            at_++;
        }
        at_++;
        Declaration d;
        size_t begin = statement.find_first_not_of(' ');
        while (begin != std::string::npos && statement.compare(begin, 8, "alignas(") == 0) {
            begin = statement.find_first_not_of(' ', closing(statement, begin + 7) + 1);
        }
        if (begin == std::string::npos) begin = 0;
        int depth = 0;
        size_t end = statement.size();
        for (size_t i = begin; i < statement.size(); i++) {
            const char c = statement[i];
            if (c == '<' || c == '(' || c == '{') depth++;
            if (c == '>' || c == ')' || c == '}') depth--;
            if (depth == 0 && c == '[' && end == statement.size()) end = i;
            if (depth == 0 && (c == ',' || c == '=')) {
                error(line, "a __shared__ statement declares one variable, without an initialiser");
                return d;
            }
        }
        size_t last = end;
        while (last > begin && statement[last - 1] == ' ') last--;
        size_t first = last;
        while (first > begin && (isalnum((unsigned char)statement[first - 1]) || statement[first - 1] == '_')) first--;
        d.type = statement.substr(begin, first - begin);
        d.name = statement.substr(first, last - first);
        d.extents = statement.substr(end);
        d.valid = !d.name.empty() && d.type.find_first_not_of(' ') != std::string::npos;
        if (!d.valid) error(line, "a __shared__ statement that cannot be read: " + statement);
        while (d.type.size() > 1 && d.type.back() == ' ') d.type.pop_back();
        out_.append((size_t)newlines_, '\n');
        newlines_ = 0;
        return d;
    }

    std::string readWord() {
        const size_t begin = at_;
        while (at_ < text_.size() && (isalnum((unsigned char)text_[at_]) || text_[at_] == '_')) at_++;
        return text_.substr(begin, at_ - begin);
    }

    std::string readParentheses() {
        const size_t open = skipSpace(at_);
        const size_t close = closing(text_, open);
        const std::string inside = text_.substr(open + 1, close - open - 1);
        for (char c : inside) {
            if (c == '\n') {
                line_++;
                out_ += c;
            }
        }
        at_ = close + 1;
        return inside;
    }

    static std::string firstArgument(const std::string& list) {
        int depth = 0;
        for (size_t i = 0; i < list.size(); i++) {
            if (list[i] == '(') depth++;
            if (list[i] == ')') depth--;
            if (list[i] == ',' && depth == 0) return list.substr(0, i);
        }
        return list;
    }

    // The parenthesis that closes the one at an index.
    static size_t closing(const std::string& text, size_t open) {
        int depth = 0;
        for (size_t i = open; i < text.size(); i++) {
            if (text[i] == '(') depth++;
            if (text[i] == ')' && --depth == 0) return i;
        }
        return text.size() - 1;
    }

    void copyLiteral(char quote) {
        out_ += text_[at_++];
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            out_ += c;
            if (c == '\\') {
                out_ += text_[at_++];
            } else if (c == quote) {
                return;
            }
        }
    }

    // # 12 "matmul.cu" ...: what follows is line 12 of that file.
    void copyLineMarker() {
        const size_t end = text_.find('\n', at_);
        const std::string marker = text_.substr(at_, end - at_);
        const size_t number = marker.find_first_of("0123456789");
        const size_t quote = marker.find('"');
        if (number == 2 && quote != std::string::npos) {
            line_ = atoi(marker.c_str() + number) - 1;
            file_ = marker.substr(quote + 1, marker.find('"', quote + 1) - quote - 1);
        }
        out_ += marker;
        at_ = end == std::string::npos ? text_.size() : end;
    }

    bool atLineStart() const { return at_ == 0 || text_[at_ - 1] == '\n'; }

    size_t skipSpace(size_t i) const {
        while (i < text_.size() && isspace((unsigned char)text_[i])) i++;
        return i;
    }

    void copySpace() {
        while (at_ < text_.size() && isspace((unsigned char)text_[at_])) {
            if (text_[at_] == '\n') line_++;
            out_ += text_[at_++];
        }
    }

    void error(int line, const std::string& what) {
        errors_ += file_ + ":" + std::to_string(line) + ": error: " + what + "\n";
    }

    const std::string& text_;
    size_t at_ = 0;
    int line_ = 1;
    int newlines_ = 0;
    std::string file_;
    int sharedCount_ = 0;
    bool insideKernelHead_ = false;
    std::string bounds_;
    std::vector<Kernel> kernels_;
};

}  // namespace

bool rewrite(const std::string& text, std::string& result, std::string& errors) {
    Rewriter rewriter(text);
    const bool ok = rewriter.run();
    result = std::move(rewriter.out_);
    errors += rewriter.errors_;
    return ok;
}

}  // namespace seiche
