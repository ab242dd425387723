# The questions of knowledge/interview become part of the program.
ag_texts_of(ag_interview interview ag_interview_files)
