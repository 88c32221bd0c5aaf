// What Xapian alone does: the yardstick for the worker's rate and for its searching.
//
//   bare_xapian index DATABASE FOLDER [--items] [--commit N] [--stem-all] [--progress]
//   bare_xapian search DATABASE QUESTIONS ROUNDS
//
// index: reads every .md below FOLDER in order of name into memory, then indexes it as a plain program does: stock
// TermGenerator, stemmer "danish", positions, replace_document by a unique term, three boolean terms, one value.
// --items: a Xapian document for each agenda item ("## Punkt"); --commit N: a commit each N files, instead of Xapian's
// own habit; --stem-all: stems only; --progress: a line on standard error for each 500 files.
// search: asks every line of QUESTIONS, ROUNDS times, by stock QueryParser; prints one time in microseconds a line.
#include <xapian.h>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace
{

using std::string;
using clock_type = std::chrono::steady_clock;

struct options {
    bool items = false, stem_all = false, progress = false;
    size_t commit_every = 0;
};

struct file {
    string name, text;
};

double seconds_since(clock_type::time_point start)
{
    return std::chrono::duration<double>(clock_type::now() - start).count();
}

double cpu_seconds()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

std::vector<file> files_read(const char *folder)
{
    std::vector<file> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".md")
            files.push_back({entry.path().string(), {}});
    std::sort(files.begin(), files.end(), [](const file &a, const file &b) { return a.name < b.name; });
    for (auto &one : files) {
        std::ifstream in(one.name, std::ios::binary);
        one.text.assign(std::istreambuf_iterator<char>(in), {});
    }
    return files;
}

std::vector<string> parts_of(const string &text, bool items)
{
    std::vector<string> parts;
    size_t at = 0;
    for (size_t next; items && (next = text.find("\n## Punkt ", at)) != string::npos; at = next + 1)
        parts.push_back(text.substr(at, next - at));
    parts.push_back(text.substr(at));
    return parts;
}

void file_index(Xapian::WritableDatabase &database, Xapian::TermGenerator &generator, const file &file, size_t n,
                const std::vector<string> &parts)
{
    for (size_t number = 0; number < parts.size(); number++) {
        Xapian::Document document;
        string unique = "Q" + file.name + "#" + std::to_string(number);
        generator.set_document(document);
        generator.set_termpos(0);
        generator.index_text(parts[number]);
        document.add_boolean_term(unique);
        document.add_boolean_term("XCOMMITTEE" + std::to_string(n % 10));
        document.add_boolean_term("XMUNICIPALITY" + std::to_string(n % 30));
        document.add_value(0, "20200205");
        document.set_data(parts[number].substr(0, 200));
        database.replace_document(unique, document);
    }
}

int index_run(const char *path, const char *folder, const options &options)
{
    std::vector<file> files = files_read(folder);
    Xapian::WritableDatabase database(path, Xapian::DB_CREATE_OR_OVERWRITE);
    Xapian::TermGenerator generator;
    generator.set_stemmer(Xapian::Stem("danish"));
    if (options.stem_all)
        generator.set_stemming_strategy(Xapian::TermGenerator::STEM_ALL_Z);
    size_t documents = 0;
    auto start = clock_type::now();
    double cpu = cpu_seconds();
    for (size_t n = 0; n < files.size(); n++) {
        std::vector<string> parts = parts_of(files[n].text, options.items);
        file_index(database, generator, files[n], n, parts);
        documents += parts.size();
        if (options.commit_every != 0 && (n + 1) % options.commit_every == 0)
            database.commit();
        if (options.progress && (n + 1) % 500 == 0)
            std::fprintf(stderr, "%.3f %zu\n", seconds_since(start), n + 1);
    }
    database.commit();
    double seconds = seconds_since(start);
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    std::printf("files=%zu documents=%zu seconds=%.3f cpu=%.3f rss_mb=%ld\n", files.size(), documents, seconds,
                cpu_seconds() - cpu, used.ru_maxrss / 1024);
    return 0;
}

int search_run(const char *path, const char *questions, unsigned long rounds)
{
    Xapian::Database database(path);
    Xapian::QueryParser parser;
    parser.set_stemmer(Xapian::Stem("danish"));
    parser.set_stemming_strategy(Xapian::QueryParser::STEM_ALL_Z);
    parser.set_database(database);
    std::vector<string> asked;
    std::ifstream in(questions);
    for (string line; std::getline(in, line);)
        asked.push_back(line);
    for (unsigned long round = 0; round <= rounds; round++)
        for (const string &text : asked) {
            auto start = clock_type::now();
            Xapian::Enquire enquire(database);
            enquire.set_query(parser.parse_query(text));
            Xapian::MSet found = enquire.get_mset(0, 10);
            size_t bytes = 0;
            for (auto at = found.begin(); at != found.end(); ++at)
                bytes += at.get_document().get_data().size();
            if (round > 0) // the first fills the caches
                std::printf("%.1f %u %zu\n", seconds_since(start) * 1e6, found.get_matches_estimated(), bytes);
        }
    return 0;
}

int usage()
{
    std::fputs("usage: bare_xapian index DATABASE FOLDER [--items] [--commit N] [--stem-all] [--progress]\n"
               "       bare_xapian search DATABASE QUESTIONS ROUNDS\n",
               stderr);
    return 2;
}

int run(int argc, char **argv)
{
    options options;
    if (argc == 5 && std::strcmp(argv[1], "search") == 0)
        return search_run(argv[2], argv[3], std::strtoul(argv[4], nullptr, 10));
    if (argc < 4 || std::strcmp(argv[1], "index") != 0)
        return usage();
    for (int i = 4; i < argc; i++) {
        string word = argv[i];
        if (word == "--items")
            options.items = true;
        else if (word == "--stem-all")
            options.stem_all = true;
        else if (word == "--progress")
            options.progress = true;
        else if (word == "--commit" && i + 1 < argc)
            options.commit_every = std::strtoul(argv[++i], nullptr, 10);
        else
            return usage();
    }
    return index_run(argv[2], argv[3], options);
}

} // namespace

int main(int argc, char **argv)
{
    try {
        return run(argc, argv);
    } catch (const Xapian::Error &error) {
        std::fprintf(stderr, "bare_xapian: %s\n", error.get_description().c_str());
    } catch (const std::exception &error) {
        std::fprintf(stderr, "bare_xapian: %s\n", error.what());
    }
    return 1;
}
